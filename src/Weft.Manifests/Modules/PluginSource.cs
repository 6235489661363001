using System.Collections.Immutable;
using System.Threading.Channels;
using Weft.Flow;
using Weft.Manifests.Folders;
using Weft.Manifests.Modules;
using Weft.Model;

namespace Weft.Manifests;

/// <summary>
/// Follows the manifests and the modules that their plugins name, and gives the manifests with the modules. A file is
/// watched as the folder of manifests is; what comes by HTTP is fetched once for each change of the manifest.
/// </summary>
public sealed class PluginSource : IDisposable
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromMilliseconds(30);

    private readonly Latest<ManifestSnapshot> _manifests;
    private readonly TimeProvider _time;
    private readonly ModuleFiles _files;
    private readonly ModuleFetches _fetches;

    // One pending wake-up says all; further ones are dropped.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private (ImmutableArray<string> Folders, FolderWatch Watch)? _watch;
    private bool _changed;

    /// <summary>Follows these manifests once it runs.</summary>
    public PluginSource(Latest<ManifestSnapshot> manifests, TimeProvider time)
        : this(manifests, time, ModuleFetch.Create(time))
    {
    }

    internal PluginSource(Latest<ManifestSnapshot> manifests, TimeProvider time, ModuleFetch fetch)
    {
        (_manifests, _time) = (manifests, time);
        _files = new(time);
        _fetches = new(fetch, time, Wake);
    }

    /// <summary>The manifests, their plugins with modules.</summary>
    public Latest<ManifestSnapshot> Snapshot { get; } = new(ManifestSnapshot.NotLoaded);

    /// <summary>The modules that proxies may ask for.</summary>
    public ModuleShelf Shelf { get; } = new();

    /// <summary>The manifests with the modules that are files, for a check; what comes by HTTP is not fetched.</summary>
    public static ManifestSnapshot Read(ManifestSnapshot manifests) =>
        PluginState.Empty.Step(manifests, plugin => plugin.Url.Path is null ? null : ModuleFiles.Read(plugin)).Snapshot;

    /// <summary>Follows manifests and modules until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var poll = _time.CreateTimer(_ => Wake(), null, PollPeriod, PollPeriod);
        var state = PluginState.Empty;
        ManifestSnapshot? taken = null;
        while (true)
        {
            var manifests = _manifests.Current;
            if (manifests.Value.Loaded)
            {
                var next = Step(state, manifests.Value, cancellation);
                if (manifests.Value != taken || !IsSame(state.Snapshot, next.Snapshot))
                {
                    Shelf.Put(next.Snapshot.Objects.Plugins.Select(p => p.Module).OfType<PluginModule>());
                    Snapshot.Set(next.Snapshot);
                }

                (state, taken) = (next, manifests.Value);
            }

            var woken = _wake.Reader.WaitToReadAsync(cancellation).AsTask();
            await await Task.WhenAny(manifests.Replaced, woken);
            if (woken.IsCompleted && _wake.Reader.TryRead(out _) && Volatile.Read(ref _changed))
            {
                // A module is written in steps.
                await Task.Delay(QuietPeriod, _time, cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watch?.Watch.Dispose();

    private PluginState Step(PluginState state, ManifestSnapshot manifests, CancellationToken cancellation)
    {
        var plugins = manifests.Objects.Plugins;
        // First watch, then read: a change in between wakes us, and nothing is missed.
        Watch(plugins);
        _files.Keep(plugins);
        _fetches.Keep(plugins, cancellation);
        var trustStamps = !Interlocked.Exchange(ref _changed, false);
        return state.Step(manifests, plugin => plugin.Url.Path is null ? _fetches.Of(plugin) : _files.Read(plugin, trustStamps));
    }

    private void Watch(ImmutableArray<WasmPluginConfig> plugins)
    {
        ImmutableArray<string> folders = [.. plugins.Select(p => p.Url.Path).OfType<string>()
            .Select(path => Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (_watch is not { } watch || !watch.Folders.SequenceEqual(folders))
        {
            _watch?.Watch.Dispose();
            _watch = watch = (folders, new(folders, OnChange, () => Volatile.Write(ref _changed, true)));
        }

        watch.Watch.Refresh();
    }

    private static bool IsSame(ManifestSnapshot a, ManifestSnapshot b) =>
        a.Objects.Plugins == b.Objects.Plugins && a.Diagnostics.SequenceEqual(b.Diagnostics);

    private void OnChange()
    {
        Volatile.Write(ref _changed, true);
        Wake();
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
