using System.Runtime.InteropServices;

namespace Weft.Bpf.Kernel;

/// <summary>Commands on elements of maps: their attributes never changed, and are passed as they are.</summary>
internal static class ElementCalls
{
    /// <summary>Asks with all of the attributes, and again while the kernel was interrupted.</summary>
    public static long CallWhole<T>(this IKernel kernel, BpfCommand command, ref T attributes)
        where T : unmanaged => kernel.CallUninterrupted(command, MemoryMarshal.AsBytes(new Span<T>(ref attributes)));

    /// <summary>Asks once, with all of the attributes.</summary>
    public static long CallOnce<T>(this IKernel kernel, BpfCommand command, ref T attributes)
        where T : unmanaged => kernel.Bpf(command, MemoryMarshal.AsBytes(new Span<T>(ref attributes)));
}

/// <summary>The attributes of the commands on one element.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ElementAttributes
{
    public uint Map;
    public uint Padding;
    public byte* Key;
    public byte* Value;
    public ulong Flags;
}

/// <summary>The attributes of the commands on many elements.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BatchAttributes
{
    public byte* CursorBefore;
    public byte* CursorAfter;
    public byte* Keys;
    public byte* Values;
    public uint Count;
    public uint Map;
    public ulong ElementFlags;
    public ulong Flags;
}

/// <summary>The attributes of <c>BPF_OBJ_GET_INFO_BY_FD</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InfoAttributes
{
    public uint Descriptor;
    public uint Size;
    public void* Info;
}

/// <summary>The attributes of the commands that go through the ids of objects, or open one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IdAttributes
{
    public uint Id;
    public uint Next;
    public uint OpenFlags;
    public uint Padding;
}

/// <summary>The attributes of <c>BPF_OBJ_PIN</c> and <c>BPF_OBJ_GET</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PinAttributes
{
    public byte* Path;
    public uint Descriptor;
    public uint FileFlags;
}
