using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A link as the kernel has them since 5.7, which is its descriptor.</summary>
/// <param name="rest">What goes after the link: an event, a probe that was made for it.</param>
internal sealed class KernelLink(
    IKernel kernel, BpfDescriptor descriptor, BpfProgram? program, string hook, IDisposable? rest = null)
    : BpfLink(kernel, program, hook)
{
    public BpfDescriptor Descriptor { get; } = descriptor;

    public override LinkInfo Info
    {
        get
        {
            ThrowIfDisposed();
            var result = LinkCalls.Info(Kernel, Descriptor, out var head);
            Check(result, "info");
            return new((LinkType)head.Type, head.Id, head.Program);
        }
    }

    private protected override void PinTo(string path) => Check(LinkCalls.Pin(Kernel, Descriptor, path), $"pin {path}");

    private protected override void Replace(BpfProgram program)
    {
        var attributes = new LinkUpdateAttributes { Link = (uint)Descriptor.Number, Program = (uint)program.Descriptor.Number };
        var result = Kernel.Call(BpfCommand.LinkUpdate, ref attributes);
        GC.KeepAlive(program);
        Check(result, "update", result is -Errno.Invalid or -Errno.NotSupported ? "this kind of link keeps its program" : null);
    }

    private protected override void LetGo()
    {
        var attributes = new DescriptorAttributes { Descriptor = (uint)Descriptor.Number };
        var result = Kernel.Call(BpfCommand.LinkDetach, ref attributes);

        // Those that cannot, and kernels that do not know it, detach when the last descriptor is closed.
        if (result is not (-Errno.NotSupported or -Errno.Invalid))
        {
            Check(result, "detach");
        }
    }

    private protected override void Release()
    {
        Descriptor.Dispose();
        rest?.Dispose();
    }

    private void Check(long result, string what, string? hint = null)
    {
        GC.KeepAlive(this);
        if (result < 0)
        {
            throw new KernelException((int)-result, $"{Hook}: link {what}", hint);
        }
    }
}
