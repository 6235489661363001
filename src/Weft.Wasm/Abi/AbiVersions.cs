namespace Weft.Wasm.Abi;

/// <summary>Versions of the proxy-wasm ABI, one or several. A plugin says its version by the name of an export.</summary>
[Flags]
public enum AbiVersions
{
    /// <summary>No version.</summary>
    None = 0,

    /// <summary>0.1.0: a plugin exports <c>proxy_abi_version_0_1_0</c>.</summary>
    Version010 = 1,

    /// <summary>0.2.0: a plugin exports <c>proxy_abi_version_0_2_0</c>.</summary>
    Version020 = 2,

    /// <summary>0.2.1: a plugin exports <c>proxy_abi_version_0_2_1</c>.</summary>
    Version021 = 4,

    /// <summary>Every version from 0.2.0 on.</summary>
    From020 = Version020 | Version021,

    /// <summary>Every version that there is.</summary>
    All = Version010 | From020,
}
