using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>A <c>WasmPlugin</c> of <c>extensions.istio.io/v1alpha1</c>: a module that runs within proxies.</summary>
/// <param name="Selector">Labels that a workload or gateway must have; empty for all.</param>
/// <param name="Gateways">The gateways of its namespace that it is for instead; empty where the selector decides.</param>
/// <param name="Url">Where the module is: an absolute path of a file, or a URL of HTTP.</param>
/// <param name="Sha256">What the module must hash to, 64 small hexadecimal digits; null where that is not said.</param>
/// <param name="RootId">Which of the plugins of the module it is.</param>
/// <param name="Settings">What the plugin is configured with, as JSON; empty for nothing.</param>
/// <param name="Match">The traffic that passes it, any of these; empty for all.</param>
public sealed record WasmPluginConfig(
    ObjectName Name,
    ImmutableSortedDictionary<string, string> Selector,
    ImmutableArray<string> Gateways,
    ModuleUrl Url,
    string? Sha256,
    string RootId,
    string Settings,
    PluginPhase Phase,
    int Priority,
    FailStrategy FailStrategy,
    PluginEnvironment Environment,
    ImmutableArray<PluginMatchConfig> Match,
    SourcePosition Where)
{
    /// <summary>The module; null for as long as it has not been read.</summary>
    public PluginModule? Module { get; init; }
}

/// <summary>Where a module is.</summary>
/// <param name="Path">The file; null where it comes by HTTP.</param>
/// <param name="Http">The URL; null where it is a file.</param>
/// <param name="Where">The place of the field.</param>
public sealed record ModuleUrl(string? Path, Uri? Http, SourcePosition Where)
{
    /// <inheritdoc/>
    public override string ToString() => Path ?? Http?.ToString() ?? "";
}

/// <summary>What a plugin finds in its environment.</summary>
/// <param name="Values">Variables with their values.</param>
/// <param name="FromProxy">Variables that are as the proxy's own environment has them.</param>
public sealed record PluginEnvironment(ImmutableSortedDictionary<string, string> Values, ImmutableArray<string> FromProxy)
{
    /// <summary>Nothing.</summary>
    public static PluginEnvironment None { get; } =
        new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), []);
}

/// <summary>Traffic that passes a plugin.</summary>
/// <param name="Client">What a workload sends, or what enters by a gateway.</param>
/// <param name="Server">What a workload receives.</param>
/// <param name="Ports">The ports that it is for, those of a gateway's listeners or of an application; empty for all.</param>
public sealed record PluginMatchConfig(bool Client, bool Server, ImmutableArray<int> Ports, SourcePosition Where);

/// <summary>Where among the filters a plugin stands; they run in this order.</summary>
public enum PluginPhase
{
    /// <summary>It finds out who asks.</summary>
    Authentication,

    /// <summary>It decides what they may.</summary>
    Authorization,

    /// <summary>It counts.</summary>
    Stats,

    /// <summary>Anywhere: last.</summary>
    Unspecified,
}

/// <summary>What becomes of requests when a plugin is broken.</summary>
public enum FailStrategy
{
    /// <summary>They are refused.</summary>
    Close,

    /// <summary>They pass without it.</summary>
    Open,

    /// <summary>It is started anew, and where that does not help they are refused.</summary>
    Reload,
}
