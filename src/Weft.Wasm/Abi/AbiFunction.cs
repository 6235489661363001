using Weft.Wasm.Modules;

namespace Weft.Wasm.Abi;

/// <summary>What Envoy does in a function that plugins import.</summary>
public enum AbiSupport
{
    /// <summary>What its name says.</summary>
    Full,

    /// <summary>It is there for modules to load, but does nothing and answers with an error.</summary>
    Stub,
}

/// <summary>A function that hosts offer to plugins.</summary>
/// <param name="Module">The module it is imported from: <c>env</c> or one of the two names of WASI.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type. A host refuses a plugin that imports it with another.</param>
/// <param name="Versions">The versions that have it. A host refuses a plugin of another version that imports it.</param>
/// <param name="Support">Whether it does something.</param>
public sealed record AbiImport(
    string Module, string Name, FunctionType Type, AbiVersions Versions, AbiSupport Support = AbiSupport.Full);

/// <summary>A function of a plugin that hosts call, if the plugin exports it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type. A host refuses a plugin that exports it with another.</param>
/// <param name="Versions">The versions in which it is called, with this type.</param>
public sealed record AbiExport(string Name, FunctionType Type, AbiVersions Versions);
