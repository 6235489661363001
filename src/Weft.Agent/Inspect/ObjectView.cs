using System.Text.Json;

namespace Weft.Agent.Inspect;

/// <summary>What is in an object. <c>Types</c> is the number of types in its BTF.</summary>
internal sealed record ObjectView(
    string Name, string License, string ByteOrder, uint KernelVersion, int Types,
    List<ProgramView> Programs, List<MapView> Maps, List<VariableView> Variables, List<NeedView> Needs);

/// <param name="AttachType">Null where its kind has none.</param>
/// <param name="Target">What its section says that it is attached to; null where it does not.</param>
/// <param name="Instructions">With the functions that it calls; 0 where it cannot be put together.</param>
/// <param name="Relocations">How many of them depend on the kernel's types (CO-RE).</param>
/// <param name="Loads">Whether it is loaded with the object, and not only when it is asked for.</param>
/// <param name="Error">Why it cannot be put together; null where it can.</param>
internal sealed record ProgramView(
    string Name, string Section, string Type, string? AttachType, string? Target, int Instructions, int Relocations, bool Loads,
    List<string> Maps, string? Error);

/// <param name="Key">The key's type as C has it; null where it is not known.</param>
/// <param name="Value">Likewise the value's.</param>
/// <param name="Elements">How many elements it holds from the beginning.</param>
internal sealed record MapView(
    string Name, string Type, uint KeySize, uint ValueSize, uint MaxEntries, uint Flags, List<string> FlagNames, bool Pinned,
    string? Key, string? Value, int Elements, MapView? Inner)
{
    /// <summary>How the types of its key and value are declared, where they are structures, unions or enumerations.</summary>
    public List<string> Declarations { get; init; } = [];
}

/// <param name="Type">Its declaration, such as <c>const char name[16]</c>; null where its type is not known.</param>
/// <param name="Value">Null where it is not known, or very large.</param>
internal sealed record VariableView(string Name, string? Type, string Section, int Offset, int Size, JsonElement? Value);

/// <param name="Kind">configuration, address, variable or function.</param>
internal sealed record NeedView(string Name, string Kind, bool Optional, string? Type);
