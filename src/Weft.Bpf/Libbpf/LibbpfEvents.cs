using Weft.Bpf.Kernel;

namespace Weft.Bpf.Libbpf;

/// <summary>What libbpf has attached in several places, or by an event alone: the kernel has no one link of it.</summary>
internal sealed class LibbpfEvents(IKernel kernel, BpfProgram? program, string hook, LibbpfLinkHandle link)
    : BpfLink(kernel, program, hook)
{
    public override LinkInfo Info => throw Refused();

    private protected override void PinTo(string path) => throw Refused();

    private protected override void Replace(BpfProgram program) => throw Refused();

    private protected override void LetGo()
    {
        // Dispose does it.
    }

    private protected override void Release() => link.Dispose();

    private BpfNotSupportedException Refused() => new($"{Hook}: libbpf has attached it without a link, or by several");
}
