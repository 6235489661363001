namespace Weft.Wasm.Host;

/// <summary>One use of a module: its configuration, and what happens when it fails.</summary>
public sealed record PluginSettings
{
    /// <summary>The name, for logs; the plugin reads it as the property <c>plugin_name</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which plugin of a module with several; the property <c>plugin_root_id</c>.</summary>
    public string RootId { get; init; } = "";

    /// <summary>The plugin's configuration, which <c>proxy_on_configure</c> reads.</summary>
    public ReadOnlyMemory<byte> Configuration { get; init; }

    /// <summary>What happens to streams once the machine has failed.</summary>
    public FailurePolicy FailurePolicy { get; init; }

    /// <summary>
    /// Whether a plugin that holds the headers is shown the body nevertheless (Envoy:
    /// <c>allow_on_headers_stop_iteration</c>).
    /// </summary>
    public bool ShowsBodyWhilePaused { get; init; }
}
