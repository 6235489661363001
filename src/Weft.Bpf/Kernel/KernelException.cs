namespace Weft.Bpf;

/// <summary>The kernel has refused something.</summary>
public class KernelException : BpfException
{
    /// <param name="errno">The kernel's error, above zero.</param>
    /// <param name="stage">What was asked of it, such as <c>map_create events</c>.</param>
    /// <param name="hint">What the error means there, or helps; null where nothing more is known.</param>
    public KernelException(int errno, string stage, string? hint = null)
        : base($"{stage}: {Kernel.Errno.Name(errno)}{(hint is null ? "" : ": " + hint)}")
    {
        Errno = errno;
        Stage = stage;
    }

    /// <summary>The kernel's error, above zero: 22 is <c>EINVAL</c>.</summary>
    public int Errno { get; }

    /// <summary>What was asked of it.</summary>
    public string Stage { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Errno is Kernel.Errno.Again or Kernel.Errno.Interrupted or Kernel.Errno.NoMemory;
}
