namespace Weft.Wasm.Host;

/// <summary>
/// The version of proxy-wasm that a module is written for. A module says it by exporting a function that is named after
/// the version; the function is never called.
/// </summary>
public enum AbiVersion
{
    /// <summary>0.1.0, marked by <c>proxy_abi_version_0_1_0</c>.</summary>
    V010,

    /// <summary>0.2.0, marked by <c>proxy_abi_version_0_2_0</c>.</summary>
    V020,

    /// <summary>0.2.1, marked by <c>proxy_abi_version_0_2_1</c>.</summary>
    V021,
}
