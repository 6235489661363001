using System.Collections.Immutable;
using Weft.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving.Restless;

/// <summary>A client that takes everything, until it is killed.</summary>
internal abstract class RestlessClient(string id) : IAsyncDisposable
{
    private static readonly string[] Types = [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route];

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    protected string Id => id;

    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Waits until it has exactly what is published. Its patience is used up by a failure only.</summary>
    public async Task HasAsync(RestlessServer server)
    {
        var set = server.Set;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Eventually.Patience);
        try
        {
            await foreach (var _ in WatchAsync(late.Token))
            {
                if (Types.All(type => IsExactly(Held(type), set.Of(type))))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            var differences = Types.Select(type => $"{TypeUrl.ShortName(type)} {Difference(Held(type), set.Of(type))}");
            Assert.Fail($"{id} has not what is published, WEFT_SEED={Soak.Seed()}: {string.Join("; ", differences)}; {Trouble}; "
                + $"the server knows {server.KnownOf(id)}");
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>Runs until it is stopped; then ends without an error.</summary>
    protected abstract Task RunAsync(CancellationToken stop);

    /// <summary>Something each time that what it holds may have changed.</summary>
    protected abstract IAsyncEnumerable<object> WatchAsync(CancellationToken cancellation);

    /// <summary>What it holds of a type, name to version.</summary>
    protected abstract IReadOnlyDictionary<string, string> Held(string type);

    /// <summary>What went wrong last.</summary>
    protected abstract string? Trouble { get; }

    private static bool IsExactly(IReadOnlyDictionary<string, string> has, ResourceMap wanted) =>
        has.Count == wanted.All.Length && wanted.All.All(r => has.GetValueOrDefault(r.Name) == r.Version);

    private static string Difference(IReadOnlyDictionary<string, string> has, ResourceMap wanted) => string.Join(',', wanted.All
        .Where(r => has.GetValueOrDefault(r.Name) != r.Version).Select(r => $"-{r.Name}")
        .Concat(has.Keys.Where(name => !wanted.Contains(name)).Select(name => $"+{name}")));
}
