using System.Runtime.InteropServices;

namespace Weft.Wasm.Sdk;

/// <summary>
/// Where messages are put together. A hole of a message may log itself: it writes behind what is there, and gives its
/// place back before the outer message goes on.
/// </summary>
internal static class LogBuffer
{
    private const int Size = 1024;

    // A callback that faulted in the midst of a message never gave its place back: the next one that finds little room
    // begins anew.
    private const int Least = 256;

    private static Bytes _bytes;
    private static int _length;

    /// <summary>Begins a message.</summary>
    /// <returns>Where it begins, for <see cref="End"/>.</returns>
    internal static int Begin()
    {
        if (_length > Size - Least)
        {
            _length = 0;
        }

        return _length;
    }

    /// <summary>The rest of the buffer, to write the next part into; then <see cref="Advance"/>.</summary>
    internal static Utf8Writer Open() => new(Whole()[_length..]);

    /// <summary>Takes what was written into what <see cref="Open"/> gave.</summary>
    internal static void Advance(Utf8Writer part) => _length += part.Length;

    /// <summary>Ends a message: it is gone with the next one.</summary>
    internal static ReadOnlySpan<byte> End(int start)
    {
        var end = _length;
        _length = start;
        return start < end ? Whole()[start..end] : default;
    }

    private static Span<byte> Whole() => MemoryMarshal.CreateSpan(ref _bytes.First, Size);

    [StructLayout(LayoutKind.Sequential, Size = Size)]
    private struct Bytes
    {
        public byte First;
    }
}
