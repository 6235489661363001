using System.CommandLine;
using System.Diagnostics;
using System.Runtime;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Xds;
using Weft.XdsBenchServer;

var port = new Option<int>("-port") { Description = "xDS port on 127.0.0.1.", DefaultValueFactory = _ => 18000 };
var adminPort = new Option<int>("-admin-port") { Description = "Admin port on 127.0.0.1.", DefaultValueFactory = _ => 18001 };
var clusters = new Option<int>("-clusters") { Description = "How many clusters there are.", DefaultValueFactory = _ => 100 };
var endpoints = new Option<int>("-endpoints") { Description = "How many endpoints each has.", DefaultValueFactory = _ => 4 };
var root = new RootCommand("An ADS server on Weft.Xds, with the flags and the admin pages of gcp-server, to be measured beside it.")
{
    port, adminPort, clusters, endpoints,
};
root.SetAction((parsed, ending) => ServeAsync(
    parsed.GetValue(port), parsed.GetValue(adminPort), new(parsed.GetValue(clusters), parsed.GetValue(endpoints)), ending));
return await root.Parse(args).InvokeAsync();

static async Task ServeAsync(int port, int adminPort, BenchState state, CancellationToken ending)
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100_000;
        kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.ListenLocalhost(adminPort, listen => listen.Protocols = HttpProtocols.Http1);
    });
    // All nodes are of one group, as they are of one key there.
    builder.Services.AddXds(new XdsServerSettings { GroupOf = static _ => "" });
    var app = builder.Build();
    var server = app.Services.GetRequiredService<XdsServer>();
    server.Publish(state.Set);
    app.MapXds();
    app.MapPost("/change", (string what, int? n) =>
    {
        var version = state.Change(what, n ?? 1);
        var (at, began) = (DateTime.UtcNow - DateTime.UnixEpoch, Stopwatch.GetTimestamp());
        server.Publish(state.Set);
        return new { version = $"{version}", t = at.Ticks * 100, publish_ns = (long)Stopwatch.GetElapsedTime(began).TotalNanoseconds };
    });
    app.MapGet("/mem", (int? gc) => Memory(gc == 1));
    await app.RunAsync(ending);
}

static object Memory(bool collect)
{
    if (collect)
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    using var me = Process.GetCurrentProcess();
    return new
    {
        rss = me.WorkingSet64,
        heap = GC.GetTotalMemory(false),
        cpu_ns = (long)me.TotalProcessorTime.TotalNanoseconds,
        goroutines = 0,
        allocated = GC.GetTotalAllocatedBytes(),
    };
}
