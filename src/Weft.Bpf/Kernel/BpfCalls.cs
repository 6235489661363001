using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Kernel;

/// <summary>Commands of <c>bpf(2)</c> with the attributes that they take.</summary>
internal static class BpfCalls
{
    /// <summary>How often the kernel is asked that was interrupted.</summary>
    public const int MaxTries = 30;

    /// <summary>
    /// Asks with as many bytes as are not zero at the end, since an old kernel refuses more than it knows, and again while the
    /// kernel was interrupted.
    /// </summary>
    public static long Call<T>(this IKernel kernel, BpfCommand command, ref T attributes)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(new Span<T>(ref attributes));
        var size = bytes.LastIndexOfAnyExcept((byte)0) + 1;

        // Whole numbers only, and what the kernel writes back must have room.
        size = Math.Min(bytes.Length, Math.Max((size + 7) & ~7, 8));
        var result = kernel.CallUninterrupted(command, bytes[..size]);
        return result == -Errno.Permission && MakesObjects(command) && LockedMemory.Raise(kernel)
            ? kernel.CallUninterrupted(command, bytes[..size])
            : result;
    }

    /// <summary>A name as the kernel takes one: at most 15 letters, digits, <c>_</c> and <c>.</c>.</summary>
    public static BpfName Name(string name)
    {
        var result = default(BpfName);
        for (var i = 0; i < Math.Min(name.Length, 15); i++)
        {
            var letter = name[i];
            result[i] = char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' ? (byte)letter : (byte)'_';
        }

        return result;
    }

    /// <summary>Asks with these bytes, and again while the kernel was interrupted.</summary>
    public static long CallUninterrupted(this IKernel kernel, BpfCommand command, Span<byte> attributes)
    {
        var result = kernel.Bpf(command, attributes);
        for (var tries = 1; result is -Errno.Again or -Errno.Interrupted && tries < MaxTries; tries++)
        {
            result = kernel.Bpf(command, attributes);
        }

        return result;
    }

    private static bool MakesObjects(BpfCommand command) => command is BpfCommand.MapCreate or BpfCommand.ProgramLoad or BpfCommand.BtfLoad;
}

/// <summary>A name of an object of the kernel's, with its end.</summary>
[InlineArray(16)]
internal struct BpfName
{
    private byte _first;
}
