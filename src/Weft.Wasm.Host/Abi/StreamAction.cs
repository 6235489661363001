namespace Weft.Wasm.Host;

/// <summary>What the proxy does with headers, bytes or trailers after a plugin has seen them.</summary>
public enum StreamAction
{
    /// <summary>They go on.</summary>
    Continue = 0,

    /// <summary>
    /// They are held until <see cref="IStreamHost.Continue"/>. After headers nothing that follows is shown to the
    /// plugin before; after a part of a body the part is kept (<see cref="HttpExchange.RequestBody"/>), and the plugin
    /// sees it again with the next.
    /// </summary>
    Pause = 1,

    /// <summary>
    /// They are held, and what follows is shown to the plugin nevertheless. Only of headers, and only where
    /// <see cref="PluginSettings.ShowsBodyWhilePaused"/>.
    /// </summary>
    PauseHeadersOnly = 2,

    /// <summary>
    /// They are held, and nothing more need be read until then. The plugin sees each part of a body once: the proxy
    /// takes the part itself, and sends it on before what follows.
    /// </summary>
    PauseAndWait = 3,

    /// <summary>They are thrown away: the stream has been answered or has failed.</summary>
    Stop = 4,
}
