#pragma warning disable CS8500 // Addresses of types that may hold references: where they lie does not change in wasm.
using System.Runtime.CompilerServices;

namespace Weft.Wasm.Sdk.Runtime;

/// <summary>
/// The framework's methods on spans, for numbers: they compare bytes. Each burns as much fuel as it has work, and has no
/// check of its own within.
/// </summary>
[Substitutes("System.MemoryExtensions")]
internal static unsafe class MemoryExtensionsOfWasm
{
    public static bool SequenceEqual<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) =>
        a.Length == b.Length && SameStart(a, b, a.Length * sizeof(T));

    public static bool StartsWith<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) =>
        a.Length >= b.Length && SameStart(a, b, b.Length * sizeof(T));

    public static bool EndsWith<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) =>
        a.Length >= b.Length && SameStart(a[(a.Length - b.Length)..], b, b.Length * sizeof(T));

    public static int IndexOf<T>(ReadOnlySpan<T> span, T value)
    {
        if (Machine.IsByte<T>())
        {
            return IndexOf((byte*)Start(span), span.Length, *(byte*)&value);
        }

        var sought = (byte*)&value;
        fixed (T* start = span)
        {
            for (var i = 0; i < span.Length; i++)
            {
                if (Same((byte*)(start + i), sought, sizeof(T)))
                {
                    Machine.Burn(i);
                    return i;
                }
            }
        }

        Machine.Burn(span.Length);
        return -1;
    }

    public static int LastIndexOf<T>(ReadOnlySpan<T> span, T value)
    {
        var sought = (byte*)&value;
        fixed (T* start = span)
        {
            for (var i = span.Length - 1; i >= 0; i--)
            {
                if (Same((byte*)(start + i), sought, sizeof(T)))
                {
                    Machine.Burn(span.Length - i);
                    return i;
                }
            }
        }

        Machine.Burn(span.Length);
        return -1;
    }

    public static bool Contains<T>(ReadOnlySpan<T> span, T value) => IndexOf(span, value) >= 0;

    [Metered]
    public static int IndexOf<T>(ReadOnlySpan<T> span, ReadOnlySpan<T> value)
    {
        for (var i = 0; i + value.Length <= span.Length; i++)
        {
            if (SameStart(span[i..], value, value.Length * sizeof(T)))
            {
                return i;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SameStart<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int size)
    {
        Machine.Burn(size >> 2);
        return Same((byte*)Start(a), (byte*)Start(b), size);
    }

    private static int IndexOf(byte* start, int length, byte value)
    {
        var at = start;
        var end = start + length;
        while (at != end && *at != value)
        {
            at++;
        }

        Machine.Burn((int)(at - start));
        return at == end ? -1 : (int)(at - start);
    }

    private static T* Start<T>(ReadOnlySpan<T> span)
    {
        fixed (T* start = span)
        {
            return start;
        }
    }

    private static bool Same(byte* a, byte* b, int size)
    {
        for (var end = a + size; a != end; a++, b++)
        {
            if (*a != *b)
            {
                return false;
            }
        }

        return true;
    }
}
