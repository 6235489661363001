using System.Collections.Immutable;

namespace Weft.Wasm.Host.Testing;

/// <summary>What a plugin is tested in, where a test wants it otherwise than usual.</summary>
public sealed record PluginTestSettings
{
    /// <summary>
    /// The plugin: root id, failure policy. Its configuration is given to <see cref="PluginTest"/> itself.
    /// </summary>
    public PluginSettings Plugin { get; init; } = new() { Name = "test" };

    /// <summary>The machine: its configuration and limits.</summary>
    public PluginVmSettings Vm { get; init; } = new();

    /// <summary>How many workers there are, each with a machine.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The clusters that can be called; null where all can.</summary>
    public ImmutableArray<string>? Clusters { get; init; }

    /// <summary>The least level that is logged.</summary>
    public PluginLogLevel LogLevel { get; init; }

    /// <summary>Sees each line of the log as it comes, also those of a plugin that does not start; null for nobody.</summary>
    public Action<TestLine>? Logged { get; init; }

    /// <summary>Sets the properties of each HTTP stream, before the plugin sees its headers; null for none.</summary>
    public Action<TestProperties>? Properties { get; init; }

    /// <summary>The functions that the plugin calls by name.</summary>
    public ForeignFunctions ForeignFunctions { get; init; } = new();
}
