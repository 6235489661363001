namespace Weft.Wasm.Sdk.Runtime;

/// <summary>What each module exports.</summary>
internal static class Module
{
    /// <summary>Found by its name, never called.</summary>
    [Export("proxy_abi_version_0_2_1")]
    private static void AbiVersion()
    {
    }
}
