namespace Weft.Bpf.Features;

/// <summary>Whether a kernel has something. It was tried: what a configuration or a list of types says is no answer.</summary>
public abstract record FeatureAnswer
{
    private FeatureAnswer()
    {
    }

    /// <summary>Whether the kernel has it, for certain.</summary>
    public bool IsYes => this is Yes;

    /// <summary>The kernel has it, and lets this process use it.</summary>
    public sealed record Yes : FeatureAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => "yes";
    }

    /// <summary>The kernel does not have it, or lets nobody here use it.</summary>
    /// <param name="Errno">The kernel's error, above zero.</param>
    /// <param name="Stage">What was refused: <c>load</c>, <c>attach</c>, <c>create</c>.</param>
    public sealed record Refused(int Errno, string Stage) : FeatureAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => $"refused at {Stage}: {Kernel.Errno.Name(Errno)}";
    }

    /// <summary>It could not be found out.</summary>
    /// <param name="Errno">The kernel's error, above zero.</param>
    /// <param name="Stage">What was refused.</param>
    /// <param name="Why">Why that is no answer.</param>
    public sealed record Unknown(int Errno, string Stage, string Why) : FeatureAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => $"unknown, {Kernel.Errno.Name(Errno)} at {Stage}: {Why}";
    }
}
