namespace Weft.Bpf;

/// <summary>What goes wrong with eBPF, here or in the kernel.</summary>
public abstract class BpfException : Exception
{
    /// <inheritdoc cref="Exception(string)"/>
    protected BpfException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Whether the same may go well when it is tried again.</summary>
    public virtual bool IsTransient => false;
}

/// <summary>A file, or BTF, is not what it should be. The message names the place.</summary>
public sealed class BpfFormatException : BpfException
{
    /// <inheritdoc cref="Exception(string)"/>
    public BpfFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
