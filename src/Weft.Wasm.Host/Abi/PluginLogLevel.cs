namespace Weft.Wasm.Host;

/// <summary>How important a line of a plugin's log is. Values: proxy-wasm's <c>proxy_log_level_t</c>.</summary>
public enum PluginLogLevel
{
    /// <summary>Each step.</summary>
    Trace = 0,

    /// <summary>For whoever looks for a mistake.</summary>
    Debug = 1,

    /// <summary>What happens normally; also what a plugin writes to its standard output.</summary>
    Info = 2,

    /// <summary>What should be looked at.</summary>
    Warn = 3,

    /// <summary>What went wrong; also what a plugin writes to its standard error.</summary>
    Error = 4,

    /// <summary>What ended the plugin's machine.</summary>
    Critical = 5,
}
