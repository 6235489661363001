namespace Weft.Bpf;

/// <summary>
/// A record that is reserved in a user ring buffer. Programs get no record behind it until it is submitted or discarded; one
/// that is forgotten blocks the ring for good. In a <c>using</c> it is discarded unless it was submitted.
/// </summary>
public readonly ref struct UserRingRecord
{
    private readonly UserRingBufferWriter? _writer;
    private readonly ulong _position;

    internal UserRingRecord(UserRingBufferWriter writer, ulong position, Span<byte> bytes)
    {
        (_writer, _position) = (writer, position);
        Bytes = bytes;
    }

    /// <summary>Its bytes, in the ring itself, with what was there before. They may be written until it is submitted or discarded.</summary>
    public Span<byte> Bytes { get; }

    /// <summary>Gives it to the program that drains the ring next. It waits for those before it.</summary>
    /// <exception cref="InvalidOperationException">It was submitted or discarded before.</exception>
    public void Submit() => Finish(isDiscarded: false);

    /// <summary>Makes it a gap that no program gets.</summary>
    /// <exception cref="InvalidOperationException">It was submitted or discarded before.</exception>
    public void Discard() => Finish(isDiscarded: true);

    /// <summary>Discards it unless it was submitted or discarded.</summary>
    public void Dispose() => _writer?.TryFinish(_position, Bytes.Length, isDiscarded: true);

    private void Finish(bool isDiscarded)
    {
        if (_writer?.TryFinish(_position, Bytes.Length, isDiscarded) != true)
        {
            throw new InvalidOperationException("This record was submitted or discarded before.");
        }
    }
}
