using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// Programs that the kernel runs for each of its tasks, sockets, maps …, and that write a text or records of it. Linux 5.8.
/// </summary>
public static class BpfIterator
{
    /// <summary>Runs a program over all objects of its kind, and takes all that it writes.</summary>
    /// <param name="program">A program that was loaded for <c>iter/…</c>.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static byte[] Read(BpfProgram program)
    {
        using var link = Attach.Iterator(program);
        using var stream = Open(link);
        using var all = new MemoryStream();
        stream.CopyTo(all, 65536);
        return all.ToArray();
    }

    /// <summary>Begins a run; it goes on while the stream is read, to the end of the stream.</summary>
    /// <param name="link">A link of <see cref="Attach.Iterator"/>, which may begin many runs, or one that was pinned.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static Stream Open(BpfLink link)
    {
        if (link is not KernelLink kernelLink)
        {
            throw new BpfNotSupportedException($"{link.Hook}: it is no iterator");
        }

        var attributes = new DescriptorAttributes { Descriptor = (uint)kernelLink.Descriptor.Number };
        var result = link.Kernel.Call(BpfCommand.IteratorCreate, ref attributes);
        GC.KeepAlive(link);
        return new IteratorStream(link.Kernel, BpfDescriptor.Of(link.Kernel, result, $"{link.Hook}: iter_create"), link.Hook);
    }
}
