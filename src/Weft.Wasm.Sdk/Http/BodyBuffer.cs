namespace Weft.Wasm.Sdk;

/// <summary>
/// Bytes that the proxy holds: what of a body, of a connection's data or of an answer has come and is not gone.
/// </summary>
public readonly unsafe struct BodyBuffer
{
    private readonly int _buffer;

    internal BodyBuffer(int buffer)
    {
        _buffer = buffer;
    }

    /// <summary>How many bytes there are; 0 where there is no such buffer now.</summary>
    public int Length
    {
        get
        {
            int size = 0, flags = 0;
            _ = Abi.GetBufferStatus(_buffer, &size, &flags);
            return size;
        }
    }

    /// <summary>Reads bytes.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="bytes">What is there of them, gone after the callback.</param>
    /// <returns>Whether there is such a buffer.</returns>
    public bool TryRead(int start, int max, out ReadOnlySpan<byte> bytes)
    {
        byte* first = null;
        var size = 0;
        var status = Abi.GetBufferBytes(_buffer, start, max, &first, &size);
        bytes = new ReadOnlySpan<byte>(first, size);
        return status == 0;
    }

    /// <summary>Reads bytes: nothing where there are none.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="max">How many at most; all that follow where it is left out.</param>
    public ReadOnlySpan<byte> Read(int start = 0, int max = int.MaxValue - 65536)
    {
        _ = TryRead(start, max, out var bytes);
        return bytes;
    }

    /// <summary>Replaces all bytes.</summary>
    /// <param name="bytes">What is there afterwards.</param>
    public HostStatus Replace(Text bytes) => Write(0, int.MaxValue, bytes);

    /// <summary>Puts bytes before those that are there.</summary>
    /// <param name="bytes">The bytes.</param>
    public HostStatus Prepend(Text bytes) => Write(0, 0, bytes);

    /// <summary>Puts bytes behind those that are there.</summary>
    /// <param name="bytes">The bytes.</param>
    public HostStatus Append(Text bytes) => Write(int.MaxValue, 0, bytes);

    /// <summary>Takes the first bytes away.</summary>
    /// <param name="count">How many.</param>
    public HostStatus Drain(int count)
    {
        // Envoy takes all away or nothing: what stays is put there again.
        var rest = Length - count;
        return rest <= 0 ? Clear() : count <= 0 ? HostStatus.Ok : Replace(Read(count, rest));
    }

    /// <summary>Takes all bytes away.</summary>
    public HostStatus Clear() => Write(0, int.MaxValue, default);

    // Hosts know three cases: a start of 0 takes `size` bytes away and puts the new ones first; one behind the end
    // appends; anything between is refused.
    private HostStatus Write(int start, int size, Text bytes)
    {
        fixed (byte* first = bytes.Bytes)
        {
            return (HostStatus)Abi.SetBufferBytes(_buffer, start, size, first, bytes.Length);
        }
    }
}
