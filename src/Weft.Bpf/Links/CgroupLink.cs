using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A program on a control group, where the kernel has no links for these (before Linux 5.7).</summary>
internal sealed class CgroupLink : BpfLink
{
    private readonly BpfDescriptor _group;
    private readonly AttachType _type;

    // Of our own: to detach a program it must be named, also when its owner has closed it.
    private readonly BpfDescriptor _program;

    /// <param name="copy">A descriptor of the program, which goes with the link, as that of the group.</param>
    public CgroupLink(BpfProgram program, BpfDescriptor copy, BpfDescriptor group, string hook)
        : base(program.Kernel, program, hook)
    {
        _group = group;
        _type = program.AttachType;
        _program = copy;
    }

    public override LinkInfo Info => throw Refused();

    private protected override void PinTo(string path) => throw Refused();

    private protected override void Replace(BpfProgram program) => throw Refused();

    private protected override void LetGo()
    {
        // Dispose does it.
    }

    private protected override void Release()
    {
        DetachProgram();
        _program.Dispose();
        _group.Dispose();
    }

    private long DetachProgram()
    {
        var attributes = new ProgramAttachAttributes
        {
            Target = (uint)_group.Number,
            Program = (uint)_program.Number,
            AttachType = (uint)_type,
        };
        return Kernel.Call(BpfCommand.ProgramDetach, ref attributes);
    }

    private BpfNotSupportedException Refused() =>
        new($"{Hook}: it is attached without a link, since this kernel has none for control groups (Linux 5.7)");
}
