using System.Collections.Frozen;
using System.Collections.Immutable;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Abi;

/// <summary>
/// The proxy-wasm ABI as Envoy's host library implements it (proxy-wasm-cpp-host), which is more than its specification
/// says: which functions a host offers in which version, which it calls, and with which types.
/// </summary>
public static class ProxyWasmAbi
{
    /// <summary>The module that the functions of the proxy are imported from.</summary>
    public const string Env = "env";

    /// <summary>The module of WASI's functions, as compilers name it today.</summary>
    public const string Wasi = "wasi_snapshot_preview1";

    /// <summary>The module of WASI's functions, as old compilers name it. It offers the same.</summary>
    public const string WasiUnstable = "wasi_unstable";

    /// <summary>What the names of the exports that tell the version begin with.</summary>
    public const string MarkerPrefix = "proxy_abi_version_";

    /// <summary>The largest memory that Envoy gives to a virtual machine, in bytes: 1 GiB.</summary>
    public const long MaxMemoryBytes = 1L << 30;

    /// <summary>The largest memory that Envoy gives to a virtual machine, in pages of 64 KiB.</summary>
    public const uint MaxMemoryPages = (uint)(MaxMemoryBytes / MemoryType.PageSize);

    /// <summary>The most bytes of serialised pairs (header maps) that Envoy takes from a plugin: 1 MiB.</summary>
    public const int MaxPairsBytes = 1 << 20;

    /// <summary>The most pairs that Envoy takes from a plugin at once.</summary>
    public const int MaxPairs = 1024;

    /// <summary>The most bytes that <c>random_get</c> gives at once.</summary>
    public const int MaxRandomBytes = 64 * 1024;

    private static readonly FrozenDictionary<(string Module, string Name), AbiImport> ImportsByName =
        AbiImports.All.ToFrozenDictionary(i => (i.Module, i.Name));

    private static readonly FrozenDictionary<string, ImmutableArray<AbiExport>> ExportsByName =
        AbiExports.All.GroupBy(e => e.Name).ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());

    /// <summary>The functions that hosts offer, in all versions.</summary>
    public static ImmutableArray<AbiImport> Imports => AbiImports.All;

    /// <summary>The functions that hosts call. One whose type has changed stands once for each type.</summary>
    public static ImmutableArray<AbiExport> Exports => AbiExports.All;

    /// <summary>The versions from the oldest to the newest.</summary>
    public static ImmutableArray<AbiVersions> Versions { get; } =
        [AbiVersions.Version010, AbiVersions.Version020, AbiVersions.Version021];

    /// <summary>Looks for a function that hosts offer.</summary>
    /// <param name="module">The module that it is imported from.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The function; null if no version has it.</returns>
    public static AbiImport? FindImport(string module, string name) => ImportsByName.GetValueOrDefault((module, name));

    /// <summary>Looks for a function that hosts call.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">One version.</param>
    /// <returns>The function; null if it is not called in that version.</returns>
    public static AbiExport? FindExport(string name, AbiVersions version) =>
        ExportsByName.GetValueOrDefault(name, []).FirstOrDefault(e => (e.Versions & version) != 0);

    /// <summary>The name of the export by which a plugin says that it is of a version.</summary>
    /// <param name="version">One version.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none, or several.</exception>
    public static string MarkerOf(AbiVersions version) => MarkerPrefix + NumberOf(version).Replace('.', '_');

    /// <summary>The version that an export of this name tells; <see cref="AbiVersions.None"/> if it tells none.</summary>
    /// <param name="export">The name of an exported function.</param>
    public static AbiVersions VersionOf(string export) => export switch
    {
        MarkerPrefix + "0_1_0" => AbiVersions.Version010,
        MarkerPrefix + "0_2_0" => AbiVersions.Version020,
        MarkerPrefix + "0_2_1" => AbiVersions.Version021,
        _ => AbiVersions.None,
    };

    /// <summary>A version as people write it, such as <c>0.2.1</c>.</summary>
    /// <param name="version">One version.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none, or several.</exception>
    public static string NumberOf(AbiVersions version) => version switch
    {
        AbiVersions.Version010 => "0.1.0",
        AbiVersions.Version020 => "0.2.0",
        AbiVersions.Version021 => "0.2.1",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, "One version is needed."),
    };
}
