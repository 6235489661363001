using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A place among the programs that are attached to an interface.</summary>
public sealed class TcxAnchor
{
    private const uint IsBefore = 1 << 3;
    private const uint IsAfter = 1 << 4;
    private const uint ByLink = 1 << 13;

    private readonly uint _flags;
    private readonly BpfDescriptor? _other;

    private TcxAnchor(uint flags, BpfDescriptor? other)
    {
        _flags = flags;
        _other = other;
    }

    /// <summary>Before all others.</summary>
    public static TcxAnchor First { get; } = new(IsBefore, null);

    /// <summary>After all others.</summary>
    public static TcxAnchor Last { get; } = new(IsAfter, null);

    /// <summary>Before a program.</summary>
    public static TcxAnchor Before(BpfProgram program) => new(IsBefore, program.Descriptor);

    /// <summary>After a program.</summary>
    public static TcxAnchor After(BpfProgram program) => new(IsAfter, program.Descriptor);

    /// <summary>Before the program of a link.</summary>
    public static TcxAnchor Before(BpfLink link) => new(IsBefore | ByLink, Descriptor(link));

    /// <summary>After the program of a link.</summary>
    public static TcxAnchor After(BpfLink link) => new(IsAfter | ByLink, Descriptor(link));

    internal void WriteTo(ref LinkCreateAttributes attributes)
    {
        attributes.Flags |= _flags;
        attributes.Relative = _other is null ? 0 : (uint)_other.Number;
    }

    private static BpfDescriptor Descriptor(BpfLink link) =>
        link is KernelLink kernelLink ? kernelLink.Descriptor : throw new BpfNotSupportedException($"{link.Hook} is no place of TCX");
}
