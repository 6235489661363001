using System.Collections.Immutable;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;

namespace Weft.Up;

/// <summary>
/// Keeps a proxy and an application running for each workload of the mesh, as the manifests have it now: starts what
/// is new, ends what is gone, replaces what has changed.
/// </summary>
internal sealed class Crew(
    UpSettings settings, Latest<MeshState> mesh, ILoggerFactory loggers, Action<string> say) : IAsyncDisposable
{
    // An application that does not listen by then is shown by its errors; the others need not wait for it.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ObjectName, Post> _posts = [];

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

    public async ValueTask DisposeAsync() => await EndAsync([.. _posts.Values]);

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

            var post = new Post(workload, await PlaneAsync(workload.Name, cancellation));
            _posts[workload.Name] = post;
            started.Add(post);
        }

        Roster.Set(new([.. _posts.Values.Select(p => p.Stats)]));
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

    private async Task<IDataPlane> PlaneAsync(ObjectName workload, CancellationToken cancellation) =>
        settings.DataPlane == DataPlaneKind.Envoy
            ? EnvoyPlane.Start(workload, settings, say)
            : await EmbeddedPlane.StartAsync(workload, settings, loggers, cancellation);

    private async Task EndAsync(ImmutableArray<Post> posts)
    {
        foreach (var post in posts)
        {
            _posts.Remove(post.Workload.Name);
        }

        Roster.Set(new([.. _posts.Values.Select(p => p.Stats)]));
        await Task.WhenAll(posts.Select(p => p.DisposeAsync().AsTask()));
    }
}

/// <summary>The proxies that run: where the statistics of each are.</summary>
internal sealed record Roster(ImmutableArray<Uri> Stats);
