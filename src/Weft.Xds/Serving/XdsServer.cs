using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Envoy.Config.Core.V3;
using Envoy.Service.Status.V3;
using Weft.Flow;
using Weft.Xds.Serving;
using Weft.Xds.Statuses;
using Weft.Xds.Streams;

namespace Weft.Xds;

/// <summary>
/// An xDS management server: publish sets of resources, and every client that asks gets its own, kept up to date.
/// Publishing never waits for a client. Safe for any number of threads.
/// </summary>
public sealed class XdsServer
{
    // With more than these, those that have gone are forgotten at once: clients that come and go must not fill memory.
    private const int MostRemembered = 20_000;

    // What a client says of itself is kept after it has gone only up to this size.
    private const int MostNodeBytes = 16 * 1024;

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<long, Client> _clients = new();
    private readonly LastGood _lastGood = LastGood.Nothing();

    // Those of the clients that have gone, in the order in which they went.
    private readonly ConcurrentQueue<(long Id, DateTimeOffset At)> _gone = new();
    private long _streams;
    private bool _isFollowed;

    /// <summary>A stream, as others see it.</summary>
    /// <param name="Signal">Wakes its loop.</param>
    internal sealed record Client(LiveStatus Status, StatusQuestions Questions, Signal Signal);

    internal XdsServer(XdsServerSettings settings, TimeProvider time)
    {
        Settings = settings;
        _time = time;
        Lifetimes = new(settings.Overload, time, Random.Shared.NextDouble);
    }

    /// <summary>How the server behaves.</summary>
    public XdsServerSettings Settings { get; }

    /// <summary>What is published now, for whom.</summary>
    public Latest<ResourceGroups> Groups { get; } = new(ResourceGroups.Unpublished);

    /// <summary>
    /// The clients that are connected, and those that have gone within
    /// <see cref="XdsServerSettings.KeepDisconnected"/> and not come back under the same node id; by node id.
    /// </summary>
    public ImmutableArray<ClientStatus> Clients
    {
        get
        {
            Prune();
            var groups = Groups.Value;
            var all = _clients.Values.Select(c => UpToDate(c.Status.Value, groups)).ToList();
            var connected = all.Where(c => c.DisconnectedAt is null).Select(c => c.Node.Id).ToHashSet(StringComparer.Ordinal);
            var gone = all.Where(c => c.DisconnectedAt is not null && !connected.Contains(c.Node.Id))
                .GroupBy(c => c.Node.Id, StringComparer.Ordinal)
                .Select(streams => streams.MaxBy(c => c.DisconnectedAt)!);
            return [.. all.Where(c => c.DisconnectedAt is null).Concat(gone).OrderBy(c => c.Node.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>Publishes what every node gets whose group has no set of its own.</summary>
    public void Publish(ResourceSet set) => Groups.Update(groups => groups.With(set).From(Origin));

    /// <summary>Publishes what the nodes of one group get.</summary>
    public void Publish(string group, ResourceSet set) =>
        Groups.Update(groups => groups.With(group, set).From(Origin));

    /// <summary>Whether <see cref="DrainAsync"/> has begun: the server takes no more streams.</summary>
    public bool IsDraining => Lifetimes.IsDraining;

    internal StreamLifetimes Lifetimes { get; }

    /// <summary>
    /// Before the process ends: takes no more streams (they end with UNAVAILABLE), and ends those that are open without
    /// an error, one after another, so that clients go over to other servers evenly. For good.
    /// </summary>
    /// <param name="over">Over how long the ends are spread.</param>
    /// <param name="cancellation">Ends the waiting; the streams end all the same.</param>
    public Task DrainAsync(TimeSpan over, CancellationToken cancellation = default) =>
        Lifetimes.DrainAsync(over, cancellation);

    /// <summary>The last load reports of clients, and their sums; empty where none are asked for.</summary>
    public Latest<LoadSnapshot> Loads { get; } = new(LoadSnapshot.Empty);

    /// <summary>
    /// How far each connected client is with each resource: what the client status discovery service answers.
    /// </summary>
    /// <exception cref="ArgumentException">A matcher is none, or more is asked for than one answer holds.</exception>
    public Task<ClientStatusResponse> ClientStatusAsync(
        ClientStatusRequest request, CancellationToken cancellation = default) =>
        ClientStatusReport.MakeAsync(_clients.Values, request, _time, cancellation);

    /// <summary>What clients of a group fall back on.</summary>
    internal LastGood LastGoodOf(string group) => _lastGood.Of(group);

    private static ActivityContext Origin => Activity.Current?.Context ?? default;

    internal (long Id, Client Client) Enter(ClientStatus status)
    {
        Prune();
        if (Interlocked.Exchange(ref _isFollowed, true) is false)
        {
            _ = FollowAsync();
        }

        var signal = new Signal();
        var client = new Client(new(status), new(signal), signal);
        var id = Interlocked.Increment(ref _streams);
        _clients[id] = client;
        return (id, client);
    }

    // Wakes every stream when something is published. It lives as long as what it waits for, which is the server.
    private async Task FollowAsync()
    {
        var groups = Groups.Current;
        while (true)
        {
            await groups.Replaced;
            // Read before the streams are woken: what is published meanwhile wakes them once more.
            groups = Groups.Current;
            foreach (var (_, client) in _clients)
            {
                client.Signal.Set();
            }
        }
    }

    internal void Leave(long id)
    {
        if (!_clients.TryGetValue(id, out var client))
        {
            return;
        }

        client.Questions.Close();
        if (client.Status.Value.Node.Id.Length > 0)
        {
            var now = _time.GetUtcNow();
            client.Status.Update(status => status with { Node = Remembered(status.Node), DisconnectedAt = now });
            _gone.Enqueue((id, now));
        }
        else
        {
            // It never said who it was: there is nothing to remember.
            _clients.TryRemove(id, out _);
        }
    }

    // A stream that has not yet looked at what is published now is not in step with it, whatever it said before.
    private static ClientStatus UpToDate(ClientStatus status, ResourceGroups groups) =>
        status.DisconnectedAt is not null || status.Group is null || ReferenceEquals(groups.For(status.Group), status.Seen)
            ? status
            : status with { Types = [.. status.Types.Select(NotInStep)] };

    private static TypeStatus NotInStep(TypeStatus type) =>
        type.State == SyncState.Synced ? type with { State = SyncState.Pending } : type;

    private static Node Remembered(Node node) => node.CalculateSize() <= MostNodeBytes
        ? node
        : new Node { Id = node.Id[..Math.Min(node.Id.Length, MostNodeBytes)] };

    private void Prune()
    {
        var oldest = _time.GetUtcNow() - (_clients.Count > MostRemembered ? TimeSpan.Zero : Settings.KeepDisconnected);
        // A new client does not look through all the others: thousands may come at once.
        while (_gone.TryPeek(out var first) && first.At < oldest && _gone.TryDequeue(out var gone))
        {
            _clients.TryRemove(gone.Id, out _);
        }
    }
}
