using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>The attributes of <c>BPF_BTF_LOAD</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtfLoadAttributes
{
    public ulong Bytes;
    public ulong Log;
    public uint Size;
    public uint LogSize;
    public uint LogLevel;
    public uint LogTrueSize;
    public uint Flags;
    public int Token;
}

/// <summary>The attributes of <c>BPF_BTF_GET_FD_BY_ID</c> and <c>BPF_BTF_GET_NEXT_ID</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtfIdAttributes
{
    public uint Id;
    public uint NextId;
    public uint Flags;
}

/// <summary>The attributes of <c>BPF_OBJ_GET_INFO_BY_FD</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtfInfoAttributes
{
    public uint Descriptor;
    public uint Size;
    public ulong Info;
}

/// <summary><c>struct bpf_btf_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtfInfo
{
    public ulong Bytes;
    public uint Size;
    public uint Id;
    public ulong Name;
    public uint NameSize;
    public uint IsKernel;
}
