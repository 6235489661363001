using Weft.Bpf.Kernel;

namespace Weft.Bpf.Libbpf;

/// <summary>A link that libbpf has made, and that the kernel has as one: it is asked by a descriptor of our own.</summary>
internal sealed class LibbpfLink(IKernel kernel, BpfDescriptor descriptor, BpfProgram? program, string hook, LibbpfLinkHandle link)
    : KernelLink(kernel, descriptor, program, hook)
{
    private protected override void Release()
    {
        base.Release();

        // libbpf would switch the event of a probe off, though a pin keeps the link. Told to leave it, it leaves its descriptors
        // open, too: the link's is closed here, the event's, which does no harm, with the process.
        if (PinnedAt is not null)
        {
            LibbpfCalls.LinkDisconnect(link);
            Kernel.Close(LibbpfCalls.LinkDescriptor(link));
        }

        link.Dispose();
    }
}
