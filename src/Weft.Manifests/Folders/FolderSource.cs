using System.Collections.Immutable;
using System.Threading.Channels;
using Weft.Flow;
using Weft.Manifests.Folders;

namespace Weft.Manifests;

/// <summary>
/// Follows the manifests (<c>*.yaml</c>, <c>*.yml</c>, <c>*.json</c>) below some folders and publishes them whenever
/// one has changed. Names that begin with a dot are passed over. Writing the same content again is no change.
/// </summary>
/// <param name="folders">Paths as the user gave them; they need not exist yet.</param>
public sealed class FolderSource(ImmutableArray<string> folders, TimeProvider time)
{
    // A folder that cannot be watched (a network file system, no inotify watches left) is still followed this closely.
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    // Saving is several steps (truncate and write; write aside and rename): what follows this soon belongs together.
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromMilliseconds(30);

    // Somebody who never stops writing must not hide the changes: after this many quiet periods we look anyway.
    private const int MaxQuietPeriods = 5;

    // One pending wake-up says all; further ones are dropped.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Set where an event told of a change: then no file is taken for unchanged by its looks, as one that was renamed
    // over by one of the same size and time.
    private bool _changed;

    /// <summary>The files.</summary>
    public Latest<FolderSnapshot> Snapshot { get; } = new(FolderSnapshot.NotRead);

    /// <summary>Reads the folders once.</summary>
    public static FolderSnapshot Read(ImmutableArray<string> folders, TimeProvider time) =>
        new FolderReader(folders, time).Read(trustStamps: false);

    /// <summary>Follows the folders until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var watch = new FolderWatch(folders, OnChange, OnFailure);
        await using var poll = time.CreateTimer(_ => Wake(), null, PollPeriod, PollPeriod);
        var reader = new FolderReader(folders, time);
        while (true)
        {
            // First watch, then read: a change in between wakes us, and nothing is missed.
            watch.Refresh();
            var snapshot = reader.Read(trustStamps: !Interlocked.Exchange(ref _changed, false));
            Snapshot.Update(current => current.Loaded && current.Version == snapshot.Version ? current : snapshot);
            await _wake.Reader.ReadAsync(cancellation);
            await SettleAsync(cancellation);
        }
    }

    private void OnChange()
    {
        Volatile.Write(ref _changed, true);
        Wake();
    }

    // The next poll looks again, and begins to watch anew. It is not woken: a watch that fails at once would spin.
    private void OnFailure() => Volatile.Write(ref _changed, true);

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task SettleAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < MaxQuietPeriods; i++)
        {
            await Task.Delay(QuietPeriod, time, cancellation);
            if (!_wake.Reader.TryRead(out _))
            {
                return;
            }
        }
    }
}
