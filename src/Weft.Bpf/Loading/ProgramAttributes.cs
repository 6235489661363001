using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Loading;

/// <summary>The attributes of <c>BPF_PROG_LOAD</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramAttributes
{
    public uint Type;
    public uint InstructionCount;
    public ulong Instructions;
    public ulong License;
    public uint LogLevel;
    public uint LogSize;
    public ulong Log;
    public uint KernelVersion;
    public uint Flags;
    public BpfName Name;
    public uint Device;
    public uint AttachType;
    public uint Types;
    public uint FunctionInfoSize;
    public ulong FunctionInfo;
    public uint FunctionInfoCount;
    public uint LineInfoSize;
    public ulong LineInfo;
    public uint LineInfoCount;
    public uint AttachTypeId;
    public uint AttachTarget;
    public uint RelocationCount;
    public ulong Descriptors;
    public ulong Relocations;
    public uint RelocationSize;
    public uint LogTrueSize;
}
