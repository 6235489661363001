namespace Weft.Translation;

/// <summary>The cluster of every proxy's bootstrap that leads to the control plane; by it modules of plugins are fetched.</summary>
public static class ControlPlaneCluster
{
    /// <summary>Its name.</summary>
    public const string Name = "weft-xds";

    /// <summary>Before the SHA-256 of a module, the path at which the control plane serves it.</summary>
    public const string ModulePath = "/wasm/";
}
