using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>The attributes of <c>BPF_PROG_LOAD</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProgramLoadAttributes
{
    public uint Type;
    public uint InstructionCount;
    public void* Instructions;
    public byte* License;
    public uint LogLevel;
    public uint LogSize;
    public byte* Log;
    public uint KernelVersion;
    public uint Flags;
    public BpfName Name;
    public uint Device;
    public uint ExpectedAttachType;
    public uint Types;
    public uint FunctionInfoSize;
    public void* FunctionInfo;
    public uint FunctionInfoCount;
    public uint LineInfoSize;
    public void* LineInfo;
    public uint LineInfoCount;

    /// <summary>The type that it is attached to, in the kernel's types or in those of <see cref="AttachTarget"/>.</summary>
    public uint AttachType;

    /// <summary>The descriptor of a program (<c>attach_prog_fd</c>), or of a module's types (<c>attach_btf_obj_fd</c>).</summary>
    public uint AttachTarget;
    public uint RelocationCount;
    public void* Descriptors;
    public void* Relocations;
    public uint RelocationSize;

    /// <summary>Written by the kernel since 6.4: what the log would have needed.</summary>
    public uint LogTrueSize;
    public int Token;
    public uint DescriptorCount;
}
