namespace Weft.Wasm.Host;

/// <summary>What happens to streams once the machine of a plugin has failed.</summary>
public enum FailurePolicy
{
    /// <summary>They are answered with 503, connections are closed.</summary>
    FailClosed,

    /// <summary>They go on as if there were no plugin.</summary>
    FailOpen,

    /// <summary>
    /// The machine is built anew with the next stream, but not more often than once in a while; until then as
    /// <see cref="FailClosed"/>.
    /// </summary>
    FailReload,
}
