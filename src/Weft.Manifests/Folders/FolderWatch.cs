using System.Collections.Immutable;

namespace Weft.Manifests.Folders;

/// <summary>
/// Tells when something below one of the folders changes (inotify on Linux). It may miss changes, so the one who is
/// told also looks from time to time by itself.
/// </summary>
/// <param name="changed">Something changed.</param>
/// <param name="failed">Changes may have been missed: a queue overflowed, or there are no more watches to be had.</param>
internal sealed class FolderWatch(ImmutableArray<string> folders, Action changed, Action failed)
    : IDisposable
{
    private readonly Dictionary<string, (string Identity, FileSystemWatcher Watcher)> _watchers = [];

    /// <summary>
    /// Watches the folders that exist now. A watcher follows the folder it began with, even when another one takes
    /// its name, and it ends when its queue overflows; both are noticed here.
    /// </summary>
    public void Refresh()
    {
        foreach (var folder in folders.Distinct())
        {
            var identity = IdentityOf(folder);
            if (_watchers.TryGetValue(folder, out var watched))
            {
                if (watched.Identity == identity && watched.Watcher.EnableRaisingEvents)
                {
                    continue;
                }

                watched.Watcher.Dispose();
                _watchers.Remove(folder);
            }

            if (identity.Length > 0 && Start(folder) is { } watcher)
            {
                _watchers[folder] = (identity, watcher);
            }
        }
    }

    public void Dispose()
    {
        foreach (var (_, watcher) in _watchers.Values)
        {
            watcher.Dispose();
        }
    }

    private static string IdentityOf(string folder)
    {
        try
        {
            var info = new DirectoryInfo(folder);
            var target = info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
            return target.Exists ? $"{target.FullName} {target.CreationTimeUtc.Ticks}" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private FileSystemWatcher? Start(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite
                    | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Error += (_, _) => failed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No more watches to be had (fs.inotify.max_user_watches), or the folder is gone: looking remains.
            watcher?.Dispose();
            return null;
        }
    }
}
