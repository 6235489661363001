using System.Collections.Immutable;
using System.Diagnostics;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Up;

/// <summary>Reads the statistics of all proxies again and again, and gives what is to be seen.</summary>
internal sealed class Watch(
    Latest<MeshState> mesh, Latest<Roster> roster, Latest<ControlPlaneReport> report, XdsServer server, MessageLog messages)
    : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1), MaxResponseContentBufferSize = 16 << 20 };

    public async Task RunAsync(Action<MeshView> show, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period);
        var traffic = new Traffic(Window);
        var start = Stopwatch.GetTimestamp();
        do
        {
            var readings = await ReadAsync(roster.Value.Stats, cancellation);
            var rates = traffic.Next(Stopwatch.GetElapsedTime(start), readings);
            if (!mesh.Value.Loaded)
            {
                continue;
            }

            show(MeshView.Of(mesh.Value.Mesh, rates, StatusView.Of(server, report.Value), messages.Last));
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    public void Dispose() => _http.Dispose();

    private async Task<ImmutableDictionary<Uri, ImmutableDictionary<string, ClusterCount>>> ReadAsync(
        ImmutableArray<Uri> proxies, CancellationToken cancellation)
    {
        var pages = await Task.WhenAll(proxies.Select(async uri => (uri, Page: await PageAsync(uri, cancellation))));
        return pages.Where(p => p.Page is not null).ToImmutableDictionary(p => p.uri, p => ClusterCounters.Parse(p.Page!));
    }

    // A proxy that does not answer, since it starts or ends, is passed over this time.
    private async Task<string?> PageAsync(Uri uri, CancellationToken cancellation)
    {
        try
        {
            return await _http.GetStringAsync(uri, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
