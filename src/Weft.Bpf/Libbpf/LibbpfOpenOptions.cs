using System.Runtime.InteropServices;

namespace Weft.Bpf.Libbpf;

/// <summary><c>struct bpf_object_open_opts</c>, as far as it is used; libbpf takes it by its size.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LibbpfOpenOptions
{
    public nuint Size;
    public byte* Name;
    public byte IsRelaxed;
    public byte* PinFolder;
    public uint Unused;
    public byte* Config;
    public byte* Types;
}
