using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A program on a control group, a map of sockets or a network namespace, where the kernel has no links for these.</summary>
internal sealed class OlderLink : BpfLink
{
    private readonly BpfDescriptor? _target;
    private readonly AttachType _type;
    private readonly string _why;

    // Of our own: to detach a program it must be named, also when its owner has closed it.
    private readonly BpfDescriptor _program;

    /// <param name="copy">A descriptor of the program, which goes with the link, as that of the target.</param>
    /// <param name="target">What it is attached to; null for the network namespace of the thread.</param>
    /// <param name="why">Why it is no link.</param>
    private OlderLink(BpfProgram program, BpfDescriptor copy, BpfDescriptor? target, string hook, string why)
        : base(program.Kernel, program, hook)
    {
        _target = target;
        _type = program.AttachType;
        _program = copy;
        _why = why;
    }

    public override LinkInfo Info => throw Refused();

    /// <summary>Attaches by <c>BPF_PROG_ATTACH</c>.</summary>
    /// <param name="target">Goes with the link; it stays the caller's where this throws.</param>
    /// <param name="flags">What to try, while the kernel calls the one before invalid.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static OlderLink Attach(
        BpfProgram program, BpfDescriptor? target, string hook, string why, Func<long, string?> hint, params ReadOnlySpan<uint> flags)
    {
        var copy = Copy(program.Kernel, program.Descriptor, hook);
        long result = 0;
        foreach (var some in flags)
        {
            var attributes = Attributes(copy, target, program.AttachType) with { Flags = some };
            result = program.Kernel.Call(BpfCommand.ProgramAttach, ref attributes);
            if (result != -Errno.Invalid)
            {
                break;
            }
        }

        if (result >= 0)
        {
            return new(program, copy, target, hook, why);
        }

        copy.Dispose();
        throw AttachHints.Refused(result, hook, "prog_attach", hint(result));
    }

    /// <summary>Another descriptor of the same.</summary>
    public static BpfDescriptor Copy(IKernel kernel, BpfDescriptor descriptor, string hook)
    {
        using var use = new DescriptorUse(descriptor);
        return BpfDescriptor.Of(kernel, kernel.Duplicate((int)use.Number, 1), hook);
    }

    private protected override void PinTo(string path) => throw Refused();

    private protected override void Replace(BpfProgram program) => throw Refused();

    private protected override void LetGo()
    {
        // Dispose does it.
    }

    private protected override void Release()
    {
        var attributes = Attributes(_program, _target, _type);
        Kernel.Call(BpfCommand.ProgramDetach, ref attributes);
        _program.Dispose();
        _target?.Dispose();
    }

    private static ProgramAttachAttributes Attributes(BpfDescriptor program, BpfDescriptor? target, AttachType type) =>
        new() { Target = (uint)(target?.Number ?? 0), Program = (uint)program.Number, AttachType = (uint)type };

    private BpfNotSupportedException Refused() => new($"{Hook}: it is attached without a link, since this kernel has none {_why}");
}
