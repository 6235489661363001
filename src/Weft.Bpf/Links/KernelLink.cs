using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A link as the kernel has them since 5.7, which is its descriptor.</summary>
/// <param name="rest">What goes after the link: an event, a probe that was made for it.</param>
internal class KernelLink(
    IKernel kernel, BpfDescriptor descriptor, BpfProgram? program, string hook, IDisposable? rest = null)
    : BpfLink(kernel, program, hook)
{
    public BpfDescriptor Descriptor { get; } = descriptor;

    public override LinkInfo Info
    {
        get
        {
            LinkInfoHead head = default;
            Ask("info", () => LinkCalls.Info(Kernel, Descriptor, out head));
            return new((LinkType)head.Type, head.Id, head.Program);
        }
    }

    private protected override void PinTo(string path) => Ask($"pin {path}", () => LinkCalls.Pin(Kernel, Descriptor, path));

    private protected override void Replace(BpfProgram program) => Ask("update", () =>
    {
        var attributes = new LinkUpdateAttributes { Link = (uint)Descriptor.Number, Program = (uint)program.Descriptor.Number };
        var result = Kernel.Call(BpfCommand.LinkUpdate, ref attributes);
        GC.KeepAlive(program);
        return result;
    });

    public override void Update(BpfMap map)
    {
        if (map.Type == MapType.StructOps && (map.Spec.Flags & MapCreateFlags.Link) == 0)
        {
            throw new BpfNotSupportedException($"{Hook}: {map.Name} is attached without a link, and cannot take its place");
        }

        Attach.Register(map, Hook);
        Ask("update", () =>
        {
            using var use = new DescriptorUse(map.Descriptor);
            var attributes = new LinkUpdateAttributes { Link = (uint)Descriptor.Number, Program = use.Number };
            return Kernel.Call(BpfCommand.LinkUpdate, ref attributes);
        });
    }

    private protected override void LetGo() => Ask("detach", () =>
    {
        var attributes = new DescriptorAttributes { Descriptor = (uint)Descriptor.Number };
        var result = Kernel.Call(BpfCommand.LinkDetach, ref attributes);

        // Those that cannot, and kernels that do not know it, detach when the last descriptor is closed.
        return result is -Errno.NotSupported or -Errno.Invalid ? 0 : result;
    });

    private protected override void Release()
    {
        Descriptor.Dispose();
        if (PinnedAt is null)
        {
            // A link that stays needs it.
            rest?.Dispose();
        }
    }

    /// <summary>Another thread may dispose the link meanwhile; its number is not given away before this is done.</summary>
    private void Ask(string what, Func<long> command)
    {
        ThrowIfDisposed();
        var isUsed = false;
        long result;
        try
        {
            Descriptor.DangerousAddRef(ref isUsed);
            result = command();
        }
        finally
        {
            if (isUsed)
            {
                Descriptor.DangerousRelease();
            }
        }

        if (result < 0)
        {
            var hint = what == "update" && (result is -Errno.Invalid or -Errno.NotSupported)
                ? "this kind of link keeps its program, or it is of another type"
                : null;
            throw new KernelException((int)-result, $"{Hook}: link {what}", hint);
        }
    }
}
