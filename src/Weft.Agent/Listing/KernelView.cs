namespace Weft.Agent.Listing;

/// <summary>What is loaded, of all processes.</summary>
internal sealed record KernelView(List<LoadedProgram> Programs, List<LoadedMap> Maps, List<LoadedLink> Links);

/// <param name="InstructionBytes">Bytes of instructions as the verifier left them; 0 where this process may not know.</param>
/// <param name="MachineBytes">Bytes of machine code.</param>
/// <param name="RunCount">How often it ran, while somebody let the kernel count.</param>
/// <param name="Pids">The processes that have it open.</param>
internal sealed record LoadedProgram(
    uint Id, string Type, string Name, string Tag, uint InstructionBytes, uint MachineBytes, long Memory, ulong RunCount, long RunTimeNs,
    List<uint> Maps, List<int> Pids);

internal sealed record LoadedMap(
    uint Id, string Type, string Name, uint KeySize, uint ValueSize, uint MaxEntries, uint Flags, bool Frozen, long Memory, List<int> Pids);

internal sealed record LoadedLink(uint Id, string Type, uint ProgramId, string Program, List<int> Pids);
