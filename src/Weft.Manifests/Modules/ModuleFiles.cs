using System.Runtime.InteropServices;
using Weft.Manifests.Folders;
using Weft.Model;

namespace Weft.Manifests.Modules;

/// <summary>Reads modules that are files, and opens only those again that may have changed.</summary>
internal sealed class ModuleFiles(TimeProvider time)
{
    // As for manifests: two writes this close together may leave the same times behind.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    private Dictionary<string, (FileStamp? Stamp, ReadModule Module)> _known = [];

    /// <summary>Reads once, whatever was read before.</summary>
    public static ModuleReading Read(WasmPluginConfig plugin) => new ModuleFiles(TimeProvider.System).Read(plugin, trustStamps: false);

    /// <summary>Forgets the files that no plugin names.</summary>
    public void Keep(IEnumerable<WasmPluginConfig> plugins)
    {
        var named = plugins.Select(p => p.Url.Path).ToHashSet();
        _known = _known.Where(k => named.Contains(k.Key)).ToDictionary();
    }

    /// <param name="trustStamps">Whether a file that looks the same may be taken for the same, unopened.</param>
    public ModuleReading Read(WasmPluginConfig plugin, bool trustStamps)
    {
        var path = plugin.Url.Path!;
        try
        {
            if (FileStamp.Of(new FileInfo(path)) is not { } stamp)
            {
                return ModuleReading.Unread(plugin, "There is no such file.", "put the module there, or correct spec.url");
            }

            if (!stamp.IsRegular || Directory.Exists(path))
            {
                return ModuleReading.Unread(plugin, "It is no plain file.", "name the file of the module");
            }

            if (stamp.Size > ModuleReading.MaxSize)
            {
                return ModuleReading.TooLarge(plugin);
            }

            var known = _known.TryGetValue(path, out var found) && trustStamps && found.Stamp == stamp
                && time.GetUtcNow().UtcDateTime - stamp.Written > Settled;
            var module = known ? found.Module : Open(path, (int)stamp.Size, found.Module);
            _known[path] = (stamp, module);
            return ModuleReading.Of(plugin, module);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ModuleReading.Unread(plugin, e.Message, "correct its kind or its permissions");
        }
    }

    // The file may grow or shrink meanwhile; then it is read again soon. Equal bytes stay the module that they were.
    private static ReadModule Open(string path, int size, ReadModule? before)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var buffer = new byte[size];
        var length = file.ReadAtLeast(buffer, size, throwOnEndOfStream: false);
        var code = ImmutableCollectionsMarshal.AsImmutableArray(length == size ? buffer : buffer[..length]);
        return before is not null && code.AsSpan().SequenceEqual(before.Module.Code.AsSpan()) ? before : ReadModule.Of(code);
    }
}
