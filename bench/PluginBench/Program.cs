using System.Diagnostics;
using System.Globalization;
using PluginBench;
using Weft.Wasm.Compiling;
using Weft.Wasm.Host;

if (args is not [var inC, ..])
{
    Console.Error.WriteLine("usage: bench/plugins/run [ROUNDS] [REQUESTS]");
    return 2;
}

var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 40;
var requests = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 50_000;
using var engine = new PluginEngine();
var contained = Compile(new CompileSettings());
using var cSharp = new Contestant(engine, "C#, contained", contained);
using var bare = new Contestant(engine, "C#, without containment", Compile(new CompileSettings { Contain = false }));
using var c = new Contestant(engine, "C (clang -O2)", File.ReadAllBytes(inC));
Contestant[] all = [cSharp, bare, c];
var headers = Contestant.Headers();
for (var round = 0; round < rounds; round++)
{
    foreach (var contestant in all)
    {
        contestant.Round(headers, requests);
    }
}

Console.WriteLine($"{rounds} rounds of {requests} requests each, in turn; on_request_headers, 9 headers, 4 host calls");
foreach (var contestant in all)
{
    var (min, median) = contestant.Result();
    Console.WriteLine($"{contestant.Name,-24} {contestant.Size,6} bytes   min {min,5:0} ns   median {median,5:0} ns   memory {contestant.Memory / 1024} KiB");
}

Console.WriteLine($"C# to C: {cSharp.Result().Min / c.Result().Min:0.00}x (min), {cSharp.Result().Median / c.Result().Median:0.00}x (median)");
Console.WriteLine($"containment: {cSharp.Result().Min / bare.Result().Min:0.00}x (min), {cSharp.Result().Median / bare.Result().Median:0.00}x (median)");
Start(engine, contained);
return 0;

static byte[] Compile(CompileSettings settings)
{
    PluginAssembly Read(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, name);
        return new PluginAssembly(File.ReadAllBytes(file), File.ReadAllBytes(Path.ChangeExtension(file, ".pdb")));
    }

    var compiled = PluginCompiler.Compile(Read("FourRules.dll"), [Read("Weft.Wasm.Sdk.dll")], settings);
    return compiled.Module ?? throw new InvalidOperationException(string.Join('\n', compiled.Diagnostics));
}

static void Start(PluginEngine engine, byte[] module)
{
    var times = new List<double>();
    for (var i = 0; i < 50; i++)
    {
        var start = Stopwatch.GetTimestamp();
        using var contestant = new Contestant(engine, $"start {i}", module);
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    times.Sort();
    Console.WriteLine($"from bytes to a machine that runs (compile, instantiate, start): min {times[0]:0.00} ms, median {times[25]:0.00} ms, max {times[^1]:0.00} ms");
}
