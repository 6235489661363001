namespace Weft.Bpf;

/// <summary>Something cannot be done, here or with this kind of object; the kernel was not asked.</summary>
public sealed class BpfNotSupportedException : BpfException
{
    /// <inheritdoc cref="Exception(string)"/>
    public BpfNotSupportedException(string message)
        : base(message)
    {
    }
}
