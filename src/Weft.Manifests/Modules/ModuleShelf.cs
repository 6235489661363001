using System.Collections.Immutable;
using Weft.Model;

namespace Weft.Manifests;

/// <summary>
/// The modules by their SHA-256: those in force, and some that were, for a proxy may ask late. Safe for any number of threads.
/// </summary>
public sealed class ModuleShelf
{
    private const int MaxFormer = 32;
    private const long MaxFormerBytes = 128L << 20;

    // From the newest to the oldest.
    private volatile Content _modules = new([]);

    private sealed record Content(ImmutableArray<PluginModule> Modules);

    /// <summary>The module, or null.</summary>
    public PluginModule? Find(string sha256) => _modules.Modules.FirstOrDefault(m => m.Sha256 == sha256);

    /// <summary>Puts those in force to the others. One caller at a time.</summary>
    internal void Put(IEnumerable<PluginModule> inForce)
    {
        ImmutableArray<PluginModule> now = [.. inForce.Distinct()];
        var kept = ImmutableArray.CreateBuilder<PluginModule>();
        var bytes = 0L;
        foreach (var former in _modules.Modules.Except(now).Take(MaxFormer))
        {
            bytes += former.Code.Length;
            if (bytes <= MaxFormerBytes)
            {
                kept.Add(former);
            }
        }

        _modules = new([.. now, .. kept]);
    }
}
