namespace Weft.Wasm.Host;

/// <summary>
/// The bytes of a body or of a connection that a plugin sees and may change. Not for several threads.
/// </summary>
public sealed class BodyBuffer
{
    /// <summary>The most that a buffer takes, in bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private byte[] _bytes = [];

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; hold until the buffer changes.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Adds bytes at the end.</summary>
    /// <returns>False where the buffer would become larger than <see cref="MaxBytes"/>.</returns>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        if (!Reserve(bytes.Length))
        {
            return false;
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
        return true;
    }

    /// <summary>Removes all bytes; the buffer keeps its memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>
    /// Changes bytes as far as Envoy can: before all (0, 0), instead of all (0, at least the length), or after all
    /// (from the length on). Any other range is <see cref="AbiStatus.BadArgument"/>.
    /// </summary>
    internal AbiStatus Set(uint start, uint length, ReadOnlySpan<byte> bytes)
    {
        if (start == 0 && length == 0)
        {
            return Prepend(bytes) ? AbiStatus.Ok : AbiStatus.InternalFailure;
        }

        if (start == 0 && length >= Length)
        {
            Clear();
            return Append(bytes) ? AbiStatus.Ok : AbiStatus.InternalFailure;
        }

        if (start == 0 || start < Length)
        {
            return AbiStatus.BadArgument;
        }

        return Append(bytes) ? AbiStatus.Ok : AbiStatus.InternalFailure;
    }

    private bool Prepend(ReadOnlySpan<byte> bytes)
    {
        if (!Reserve(bytes.Length))
        {
            return false;
        }

        Span.CopyTo(_bytes.AsSpan(bytes.Length));
        bytes.CopyTo(_bytes);
        Length += bytes.Length;
        return true;
    }

    private bool Reserve(int more)
    {
        if ((long)Length + more > MaxBytes)
        {
            return false;
        }

        if (Length + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + more, Math.Min(MaxBytes, _bytes.Length * 2)));
        }

        return true;
    }
}
