namespace Weft.Bpf;

/// <summary>
/// The positions or lengths in a ring are not possible: something wrote where only the kernel and this reader may. What the
/// ring holds is lost; the reader cannot go on.
/// </summary>
public sealed class RingCorruptException : BpfException
{
    /// <inheritdoc cref="Exception(string)"/>
    public RingCorruptException(string message)
        : base(message)
    {
    }
}
