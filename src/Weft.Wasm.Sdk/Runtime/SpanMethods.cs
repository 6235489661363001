#pragma warning disable CS8500 // Addresses of types that may hold references: where they lie does not change in wasm.
namespace Weft.Wasm.Sdk.Runtime;

/// <summary>Span's own methods that are more than an address and a length.</summary>
internal static unsafe class SpanMethods
{
    public static T[] ToArray<T>(ReadOnlySpan<T> span)
    {
        var array = new T[span.Length];
        CopyTo(span, array);
        return array;
    }

    public static void CopyTo<T>(ReadOnlySpan<T> span, Span<T> to)
    {
        // Cutting the target is the check of its length.
        var target = to[..span.Length];
        if (Machine.HasObjects<T>())
        {
            CopyObjects(span, target);
            return;
        }

        fixed (T* from = span, into = target)
        {
            Machine.Copy(into, from, span.Length * sizeof(T));
        }

        Machine.Burn((span.Length * sizeof(T)) >> 6);
    }

    // One by one: each is looked at whether it lives as long as where it comes to.
    private static void CopyObjects<T>(ReadOnlySpan<T> span, Span<T> to)
    {
        Machine.Burn(span.Length);
        fixed (T* from = span, into = to)
        {
            if (into <= from)
            {
                for (var i = 0; i < span.Length; i++)
                {
                    to[i] = span[i];
                }

                return;
            }
        }

        for (var i = span.Length - 1; i >= 0; i--)
        {
            to[i] = span[i];
        }
    }

    public static bool TryCopyTo<T>(ReadOnlySpan<T> span, Span<T> to)
    {
        if (to.Length < span.Length)
        {
            return false;
        }

        CopyTo(span, to);
        return true;
    }

    public static void Fill<T>(Span<T> span, T value)
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = value;
        }

        Machine.Burn(span.Length);
    }

    public static void Clear<T>(Span<T> span)
    {
        fixed (T* start = span)
        {
            Machine.Fill(start, 0, span.Length * sizeof(T));
        }

        Machine.Burn((span.Length * sizeof(T)) >> 6);
    }
}
