using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A program on an event, where the kernel has no links for these (before Linux 5.15).</summary>
internal sealed class EventLink(BpfProgram program, BpfDescriptor @event, string hook, IDisposable? rest)
    : BpfLink(program.Kernel, program, hook)
{
    public override LinkInfo Info => throw Refused();

    private protected override void PinTo(string path) => throw Refused();

    private protected override void Replace(BpfProgram program) => throw Refused();

    private protected override void LetGo()
    {
        // Closing the event does it.
    }

    private protected override void Release()
    {
        @event.Dispose();
        rest?.Dispose();
    }

    private BpfNotSupportedException Refused() =>
        new($"{Hook}: it is attached without a link, since this kernel has none for events (Linux 5.15)");
}
