using System.Collections.Immutable;
using Weft.Bpf.Kernel;
using Weft.Bpf.Libbpf;

namespace Weft.Bpf;

/// <summary>A program in the kernel. It is gone when nobody uses it any more: no link, pin, map or descriptor.</summary>
public sealed partial class BpfProgram : IDisposable
{
    internal BpfProgram(
        IKernel kernel, BpfDescriptor descriptor, string name, ProgramType type, AttachType attachType, string section, string? target)
    {
        Kernel = kernel;
        Descriptor = descriptor;
        Name = name;
        Type = type;
        AttachType = attachType;
        Section = section;
        Target = target;
    }

    /// <summary>The kernel that has it.</summary>
    public IKernel Kernel { get; }

    /// <summary>Its descriptor.</summary>
    public BpfDescriptor Descriptor { get; }

    /// <summary>The name of its function.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public ProgramType Type { get; }

    /// <summary>Where it expects to be attached.</summary>
    public AttachType AttachType { get; }

    /// <summary>The section of its object, such as <c>tracepoint/syscalls/sys_enter_openat</c>; empty where it has none.</summary>
    public string Section { get; }

    /// <summary>What its section says that it is attached to, <c>syscalls/sys_enter_openat</c>; null where it does not.</summary>
    public string? Target { get; }

    /// <summary>What the verifier wrote when it took the program, as <see cref="LoadSettings.LogLevel"/> asked; empty for nothing.</summary>
    public ImmutableArray<string> Log { get; internal init; } = [];

    /// <summary>
    /// What must live as long as it is attached, such as its maps: a map of programs loses them with its last descriptor.
    /// </summary>
    internal object? Needs { get; init; }

    /// <summary>What libbpf attaches it by; null where it was not loaded by libbpf.</summary>
    internal LibbpfProgram? Native { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
