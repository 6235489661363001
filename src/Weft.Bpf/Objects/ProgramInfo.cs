using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What the kernel tells of a program. Linux 4.13; what a kernel does not know is 0.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">What it is.</param>
/// <param name="Name">At most fifteen characters of its name.</param>
/// <param name="Tag">A hash of its instructions, sixteen hexadecimal digits.</param>
/// <param name="MachineSize">Bytes of machine code; 0 where it is interpreted.</param>
/// <param name="TranslatedSize">Bytes of its instructions as the verifier left them; 0 where the process may not know.</param>
/// <param name="LoadedAt">When it was loaded, in time since the machine was started.</param>
/// <param name="CreatedBy">The user that loaded it.</param>
/// <param name="Maps">The ids of the maps that it uses.</param>
/// <param name="IsGplCompatible">Whether its licence lets it call all helpers.</param>
/// <param name="TypesId">The id of its types; 0 where it has none.</param>
/// <param name="RunTime">How long it ran on all processors while statistics were on (<see cref="RunStatistics"/>). Linux 5.1.</param>
/// <param name="RunCount">How often it ran meanwhile. Linux 5.1.</param>
/// <param name="RecursionMisses">How often it did not run since it would have interrupted itself. Linux 5.12.</param>
/// <param name="VerifiedInstructions">How many instructions the verifier went through. Linux 5.16.</param>
/// <param name="Memory">Bytes of memory that it takes; 0 where the kernel does not tell.</param>
public sealed record ProgramInfo(
    uint Id,
    ProgramType Type,
    string Name,
    string Tag,
    uint MachineSize,
    uint TranslatedSize,
    TimeSpan LoadedAt,
    uint CreatedBy,
    ImmutableArray<uint> Maps,
    bool IsGplCompatible,
    uint TypesId,
    TimeSpan RunTime,
    ulong RunCount,
    ulong RecursionMisses,
    uint VerifiedInstructions,
    long Memory)
{
    private const int NanosecondsInTick = 100;

    internal static ProgramInfo Of(in KernelProgramInfo info, ImmutableArray<uint> maps, DescriptorText text) => new(
        info.Id, (ProgramType)info.Type, info.Name.Text(), Hex(info.Tag), info.MachineSize,
        info.TranslatedSize, Time(info.LoadTime), info.Creator, maps, (info.Bits & 1) != 0, info.Types, Time(info.RunTime),
        info.RunCount, info.RecursionMisses, info.VerifiedInstructions, text.Number("memlock") ?? 0);

    // Its first byte is the most significant.
    private static string Hex(ulong tag) =>
        (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(tag) : tag).ToString("x16", CultureInfo.InvariantCulture);

    private static TimeSpan Time(ulong nanoseconds) => TimeSpan.FromTicks((long)(nanoseconds / NanosecondsInTick));
}

/// <summary><c>struct bpf_prog_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KernelProgramInfo
{
    public uint Type;
    public uint Id;
    public ulong Tag;
    public uint MachineSize;
    public uint TranslatedSize;
    public void* Machine;
    public void* Translated;
    public ulong LoadTime;
    public uint Creator;
    public uint MapCount;
    public uint* Maps;
    public BpfName Name;
    public uint Device;
    public uint Bits;
    public ulong NamespaceDevice;
    public ulong NamespaceNumber;
    public uint SymbolCount;
    public uint FunctionSizeCount;
    public void* Symbols;
    public void* FunctionSizes;
    public uint Types;
    public uint FunctionInfoSize;
    public void* FunctionInfo;
    public uint FunctionInfoCount;
    public uint LineInfoCount;
    public void* LineInfo;
    public void* MachineLineInfo;
    public uint MachineLineInfoCount;
    public uint LineInfoSize;
    public uint MachineLineInfoSize;
    public uint TagCount;
    public void* Tags;
    public ulong RunTime;
    public ulong RunCount;
    public ulong RecursionMisses;
    public uint VerifiedInstructions;
    public uint AttachTypes;
    public uint AttachType;
    public uint Padding;
}
