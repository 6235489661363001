using System.Text;

namespace Weft.Wasm.Host.Testing;

/// <summary>
/// Runs a plugin in a test, as a proxy would: the very module that ships, in machines like Envoy's, with time that
/// stands still until the test moves it. It belongs to no test framework.
/// </summary>
/// <example>
/// <code>
/// using var plugin = PluginTest.Load("tagger.wasm", configuration: "users=7:blue");
/// var request = plugin.Request(("x-user", "7"));
/// Assert.Equal("blue", request.Headers["x-tag"]);
/// </code>
/// A request that the plugin holds for a call:
/// <code>
/// var request = plugin.Request(("authorization", "secret"));
/// Assert.True(request.IsHeld);
/// plugin.Calls.Single().Respond(403);
/// Assert.Equal(403, request.Response!.Status);
/// </code>
/// </example>
public sealed class PluginTest : IDisposable
{
    private static readonly Lazy<PluginEngine> Engine = new(() => new PluginEngine());
    private readonly PluginModule _module;
    private readonly Queue<Action> _posted = new();
    private readonly List<TestLine> _logs = [];

    private PluginTest(PluginModule module, string configuration, PluginTestSettings? settings)
    {
        _module = module;
        Settings = settings ?? new();
        var plugin = Settings.Plugin with { Configuration = Encoding.UTF8.GetBytes(configuration) };
        try
        {
            for (var i = 0; i < Settings.Workers; i++)
            {
                Workers = [.. Workers, new TestWorker(this, i, module, plugin)];
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        Drain();
    }

    /// <summary>What it was made with.</summary>
    public PluginTestSettings Settings { get; }

    /// <summary>
    /// The workers, each with a machine of its own; the members of this class that make streams take the first.
    /// </summary>
    public IReadOnlyList<TestWorker> Workers { get; private set; } = [];

    /// <summary>What was logged, by all workers.</summary>
    public IReadOnlyList<TestLine> Logs => _logs;

    /// <summary>The metrics of all workers: <c>plugin.Metrics["requests"]?.Value</c>.</summary>
    public MetricSet Metrics { get; } = new();

    /// <summary>All calls over HTTP that were made, in their order.</summary>
    public IReadOnlyList<TestCall> Calls => CallsMade;

    /// <summary>All calls and streams over gRPC that were made, in their order.</summary>
    public IReadOnlyList<GrpcCallout> GrpcCalls => GrpcCallsMade;

    /// <summary>Why the first worker's machine has failed; null while it runs.</summary>
    public string? Failure => Workers[0].Plugin.Vm.Failure;

    /// <summary>What the workers share: values and queues.</summary>
    public SharedState Shared { get; } = new();

    /// <summary>What time it is.</summary>
    public TimeProvider Time => Clock;

    internal ManualClock Clock { get; } = new();

    internal List<TestCall> CallsMade { get; } = [];

    internal List<GrpcCallout> GrpcCallsMade { get; } = [];

    /// <summary>Starts the plugin of a file.</summary>
    /// <param name="file">The module, in the binary format (<c>.wasm</c>) or the text format (<c>.wat</c>).</param>
    /// <param name="configuration">The plugin's configuration.</param>
    /// <param name="settings">Whatever else.</param>
    /// <exception cref="PluginException">The plugin breaks a rule of the hosts, or refuses to start.</exception>
    public static PluginTest Load(string file, string configuration = "", PluginTestSettings? settings = null) =>
        Path.GetExtension(file) == ".wat"
            ? FromText(File.ReadAllText(file), configuration, settings)
            : FromBytes(File.ReadAllBytes(file), configuration, settings);

    /// <summary>Starts the plugin of a module in the binary format.</summary>
    /// <inheritdoc cref="Load"/>
    public static PluginTest FromBytes(
        ReadOnlySpan<byte> module, string configuration = "", PluginTestSettings? settings = null) =>
        new(PluginModule.Load(Engine.Value, "plugin", module), configuration, settings);

    /// <summary>Starts the plugin of a module in the text format.</summary>
    /// <inheritdoc cref="Load"/>
    public static PluginTest FromText(string module, string configuration = "", PluginTestSettings? settings = null) =>
        new(PluginModule.LoadText(Engine.Value, "plugin", module), configuration, settings);

    /// <summary>
    /// Sends a request without a body: <c>GET / HTTP/1.1</c> to <c>test</c>, unless the headers say otherwise.
    /// </summary>
    public TestRequest Request(params (string Name, string Value)[] headers) => Workers[0].Request(headers);

    /// <summary>Begins a request with a body: <see cref="TestRequest.Send(string, bool)"/> follows.</summary>
    public TestRequest Begin(params (string Name, string Value)[] headers) => Workers[0].Begin(headers);

    /// <summary>A client connects over TCP.</summary>
    public TestConnection Connect() => Workers[0].Connect();

    /// <summary>Lets time pass: ticks come, calls time out.</summary>
    public void Advance(TimeSpan time)
    {
        Clock.Advance(time, Drain);
        Drain();
    }

    /// <summary>Ends the machines.</summary>
    public void Dispose()
    {
        foreach (var worker in Workers)
        {
            worker.Dispose();
        }

        _module.Dispose();
    }

    internal void Add(TestLine line)
    {
        _logs.Add(line);
        Settings.Logged?.Invoke(line);
    }

    internal void Post(Action action) => _posted.Enqueue(action);

    /// <summary>Does what was left for after a callback.</summary>
    internal void Drain()
    {
        while (_posted.TryDequeue(out var action))
        {
            action();
        }
    }
}
