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
    app.MapPost("/change", http => http.Response.WriteAsync(Change(server, state, http.Request.Query)));
    app.MapGet("/mem", http => http.Response.WriteAsync(Memory(collect: http.Request.Query["gc"] == "1")));
    await app.RunAsync(ending);
}

static string Change(XdsServer server, BenchState state, IQueryCollection query)
{
    var n = int.TryParse(query["n"], out var asked) ? asked : 1;
    var version = state.Change(query["what"].ToString(), n);
    var (at, began) = (DateTime.UtcNow - DateTime.UnixEpoch, Stopwatch.GetTimestamp());
    server.Publish(state.Set);
    var took = (long)Stopwatch.GetElapsedTime(began).TotalNanoseconds;
    return $$"""{"version":"{{version}}","t":{{at.Ticks * 100}},"publish_ns":{{took}}}""";
}

static string Memory(bool collect)
{
    if (collect)
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    using var me = Process.GetCurrentProcess();
    var cpu = (long)me.TotalProcessorTime.TotalNanoseconds;
    return $$"""
        {"rss":{{me.WorkingSet64}},"heap":{{GC.GetTotalMemory(false)}},"cpu_ns":{{cpu}},"goroutines":0,"allocated":{{GC.GetTotalAllocatedBytes()}}}
        """;
}
