using System.Collections.Immutable;
using Weft.Model;

namespace Weft.Manifests.Modules;

/// <summary>
/// The plugins over time. A plugin in force is a manifest with the module that it named: where the new manifest's module
/// cannot be had, the last good two stay together, for a module may not know the settings that were written for another.
/// <code>
/// the module of the manifest …   │ the plugin
/// ───────────────────────────────┼──────────────────────────────────────────────
/// is there                       │ replaced by manifest and module
/// has not come yet               │ kept
/// cannot be read, is a wrong one │ kept, with an error that says so
/// the manifest is gone           │ withdrawn
/// </code>
/// </summary>
internal sealed class PluginState
{
    private readonly ImmutableDictionary<ObjectName, Held> _held;

    private PluginState(ImmutableDictionary<ObjectName, Held> held, ManifestSnapshot snapshot) => (_held, Snapshot) = (held, snapshot);

    public static PluginState Empty { get; } = new(ImmutableDictionary<ObjectName, Held>.Empty, ManifestSnapshot.NotLoaded);

    /// <summary>The manifests, their plugins with modules.</summary>
    public ManifestSnapshot Snapshot { get; }

    private sealed record Held(WasmPluginConfig Written, WasmPluginConfig InForce);

    /// <param name="read">The module of a plugin; null where it has not come yet.</param>
    public PluginState Step(ManifestSnapshot manifests, Func<WasmPluginConfig, ModuleReading?> read)
    {
        if (manifests.Objects.Plugins.IsEmpty)
        {
            return new(ImmutableDictionary<ObjectName, Held>.Empty, manifests);
        }

        var held = ImmutableDictionary.CreateBuilder<ObjectName, Held>();
        var plugins = ImmutableArray.CreateBuilder<WasmPluginConfig>();
        var diagnostics = manifests.Diagnostics.ToBuilder();
        foreach (var written in manifests.Objects.Plugins)
        {
            var reading = read(written);
            if (reading?.Error is { } error)
            {
                diagnostics.Add(error);
            }

            var last = _held.GetValueOrDefault(written.Name);
            if (reading?.Module is { } module)
            {
                last = IsSame(last, written, module) ? last! : new(written, written with { Module = module });
            }

            // Without any module it stands for itself, so that it is known whom it is for.
            plugins.Add(last?.InForce ?? written);
            if (last is not null)
            {
                held[written.Name] = last;
            }
        }

        return new(held.ToImmutable(), manifests with
        {
            Objects = With(manifests.Objects, plugins.ToImmutable()),
            Diagnostics = diagnostics.ToImmutable(),
        });
    }

    private static bool IsSame(Held? last, WasmPluginConfig written, PluginModule module) =>
        last is not null && ReferenceEquals(last.Written, written) && module.Equals(last.InForce.Module);

    private MeshObjects With(MeshObjects objects, ImmutableArray<WasmPluginConfig> plugins)
    {
        var before = Snapshot.Objects.Plugins;
        return objects with { Plugins = plugins.AsSpan().SequenceEqual(before.AsSpan(), ReferenceEqualityComparer.Instance) ? before : plugins };
    }
}
