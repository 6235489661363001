using System.Collections.Immutable;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;
using Weft.Telemetry;

namespace Weft.Up;

/// <summary>
/// Keeps a proxy and an application running for each workload of the mesh, and a proxy for each gateway, as the manifests have it now: starts what
/// is new, ends what is gone, replaces what has changed.
/// </summary>
internal sealed class Crew(
    UpSettings settings, Latest<MeshState> mesh, ILoggerFactory loggers, Action<string> say) : IAsyncDisposable
{
    // An application that does not listen by then is shown by its errors; the others need not wait for it.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ObjectName, Post> _posts = [];
    private readonly Dictionary<ObjectName, IDataPlane> _gateways = [];
    private readonly ProxySpans _spans = new();

    /// <summary>Where the statistics of the running proxies are.</summary>
    public Latest<Roster> Roster { get; } = new(new([]));

    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var state in mesh.WatchAsync(cancellation))
        {
            if (state.Loaded)
            {
                await ChangeToAsync(state.Mesh, cancellation);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync([.. _posts.Values]);
        await EndGatewaysAsync([.. _gateways.Keys]);
        _spans.Dispose();
    }

    private async Task ChangeToAsync(MeshSnapshot mesh, CancellationToken cancellation)
    {
        await EndAsync([.. _posts.Values.Where(
            post => !mesh.Workloads.TryGetValue(post.Workload.Name, out var now) || !post.Fits(now))]);
        var started = new List<Post>();
        foreach (var workload in mesh.Workloads.Values.Where(w => !_posts.ContainsKey(w.Name)))
        {
            if (workload.Run is { } run)
            {
                await WorkloadProgram.BuildIfMissingAsync(workload.Name, run, say, cancellation);
            }

            var post = new Post(workload, await PlaneAsync(workload.Name, isGateway: false, cancellation));
            _posts[workload.Name] = post;
            started.Add(post);
        }

        await EndGatewaysAsync([.. _gateways.Keys.Where(name => !mesh.Gateways.ContainsKey(name))]);
        foreach (var name in mesh.Gateways.Keys.Where(name => !_gateways.ContainsKey(name)))
        {
            _gateways[name] = await PlaneAsync(name, isGateway: true, cancellation);
        }

        Publish();
        await StartAsync(started, cancellation);
    }

    // Servers first; who only calls others begins when they listen.
    private async Task StartAsync(List<Post> started, CancellationToken cancellation)
    {
        var servers = started.Where(p => p.Workload.AppPort is not null).ToList();
        servers.ForEach(post => post.StartApplication(say));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartTimeout);
        await Task.WhenAll(servers.Select(post => post.AppListensAsync(limit.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        started.Except(servers).ToList().ForEach(post => post.StartApplication(say));
    }

    private async Task<IDataPlane> PlaneAsync(ObjectName name, bool isGateway, CancellationToken cancellation) =>
        settings.DataPlane == DataPlaneKind.Envoy
            ? EnvoyPlane.Start(name, isGateway, settings, say)
            : await EmbeddedPlane.StartAsync(name, isGateway, settings, _spans, loggers, cancellation);

    private void Publish() => Roster.Set(new(
        [.. _posts.Values.Select(p => p.Stats), .. _gateways.Values.Select(g => g.Stats)]));

    private async Task EndGatewaysAsync(ImmutableArray<ObjectName> names)
    {
        foreach (var name in names)
        {
            if (_gateways.Remove(name, out var gateway))
            {
                await gateway.DisposeAsync();
            }
        }
    }

    private async Task EndAsync(ImmutableArray<Post> posts)
    {
        foreach (var post in posts)
        {
            _posts.Remove(post.Workload.Name);
        }

        Publish();
        await Task.WhenAll(posts.Select(p => p.DisposeAsync().AsTask()));
    }
}

/// <summary>The proxies that run: where the statistics of each are.</summary>
internal sealed record Roster(ImmutableArray<Uri> Stats);
