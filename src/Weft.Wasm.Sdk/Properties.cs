#pragma warning disable CS8500 // Addresses of types that may hold references: where they lie does not change in wasm.
namespace Weft.Wasm.Sdk;

/// <summary>
/// What the proxy knows about a stream, and about itself: Envoy's attributes. A path's parts are given one by one, or
/// as one text with zeros between: <c>"source\0address"u8</c>. Most belong to a stream and are not there outside of
/// one.
/// </summary>
public static unsafe partial class Properties
{
    private const int MaxPath = 256;

    /// <summary>Reads a property.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="value">
    /// The value, gone after the callback: text and bytes as they are, numbers as 8 bytes, little endian, truth as one
    /// byte.
    /// </param>
    /// <returns>Whether there is such a property now.</returns>
    public static bool TryGet(scoped Text path, out ReadOnlySpan<byte> value)
    {
        // In wasm a span is its address and its length: the proxy writes both where they are wanted.
        value = default;
        fixed (byte* p = path.Bytes)
        fixed (ReadOnlySpan<byte>* v = &value)
        {
            return Abi.GetProperty(p, path.Length, (byte**)v, (int*)v + 1) == 0;
        }
    }

    /// <summary>Reads a property whose path has two parts. A path has at most 255 bytes.</summary>
    /// <inheritdoc cref="TryGet(Text, out ReadOnlySpan{byte})"/>
    public static bool TryGet(scoped Text first, scoped Text second, out ReadOnlySpan<byte> value) =>
        TryGet(first, second, default, out value);

    /// <summary>Reads a property whose path has three parts. A path has at most 255 bytes.</summary>
    /// <inheritdoc cref="TryGet(Text, out ReadOnlySpan{byte})"/>
    public static bool TryGet(scoped Text first, scoped Text second, scoped Text third, out ReadOnlySpan<byte> value)
    {
        var path = new Utf8Writer(stackalloc byte[MaxPath]);
        path.Append(first);
        path.Append((byte)0);
        path.Append(second);
        if (third.Length > 0)
        {
            path.Append((byte)0);
            path.Append(third);
        }

        value = default;
        return !path.Truncated && TryGet(path.Written, out value);
    }

    /// <summary>A property of text or bytes; nothing where there is none.</summary>
    /// <param name="path">Its path.</param>
    public static ReadOnlySpan<byte> Get(scoped Text path)
    {
        _ = TryGet(path, out var value);
        return value;
    }

    /// <summary>A property that is a number.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="otherwise">What is given where there is none, or it is no number.</param>
    public static long GetInt64(scoped Text path, long otherwise = 0)
    {
        if (!TryGet(path, out var value) || value.Length != 8)
        {
            return otherwise;
        }

        return (uint)HeaderPairs.Read(value, 0) | ((long)HeaderPairs.Read(value, 4) << 32);
    }

    /// <summary>A property that is true or false.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="otherwise">What is given where there is none.</param>
    public static bool GetBool(scoped Text path, bool otherwise = false) =>
        TryGet(path, out var value) && value.Length == 1 ? value[0] != 0 : otherwise;

    /// <summary>
    /// Sets a property of the stream, for other plugins and for the access log: Envoy has it as <c>filter_state</c>
    /// with
    /// <c>wasm.</c> before its path.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="value">The value.</param>
    public static HostStatus Set(Text path, Text value)
    {
        fixed (byte* p = path.Bytes, v = value.Bytes)
        {
            return (HostStatus)Abi.SetProperty(p, path.Length, v, value.Length);
        }
    }
}
