using System.Diagnostics;
using Weft.Wasm.Host;

namespace PluginBench;

/// <summary>One module, and the time that its requests took, a sum for each round.</summary>
internal sealed class Contestant : IDisposable
{
    private readonly QuietEnvironment _surroundings = new();
    private readonly PluginModule _module;
    private readonly PluginVm _vm;
    private readonly HttpExchange _exchange;
    private readonly List<double> _rounds = [];

    public Contestant(PluginEngine engine, string name, byte[] module)
    {
        (Name, Size) = (name, module.Length);
        _module = PluginModule.Load(engine, name, module);
        _vm = new PluginVm(_module, _surroundings);
        _exchange = _vm.StartPlugin(new PluginSettings { Name = name }).OpenHttp(_surroundings);
    }

    public string Name { get; }

    public int Size { get; }

    public long Memory => _vm.MemorySize;

    /// <summary>The headers of a request that no rule takes: each rule asks for one.</summary>
    public static HeaderMap Headers()
    {
        var headers = new HeaderMap();
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [(":authority", "books.example"), (":path", "/books?page=2"), (":method", "GET"), (":scheme", "https"),
             ("user-agent", "bench/1.0"), ("x-user-tier", "silver"), ("x-client", "web/1"),
             ("cookie", "sid=abcdef0123456789; theme=dark"), ("x-user-id", "user-4711")])
        {
            headers.Add(name, value);
        }

        return headers;
    }

    public void Round(HeaderMap headers, int requests)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < requests; i++)
        {
            _exchange.OnRequestHeaders(headers, endOfStream: true);
        }

        _rounds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / requests);
    }

    public (double Min, double Median) Result()
    {
        var sorted = _rounds.Order().ToList();
        return (sorted[0], sorted[sorted.Count / 2]);
    }

    public void Dispose()
    {
        _exchange.OnDestroy();
        _vm.Dispose();
        _module.Dispose();
    }
}
