using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Libbpf;

/// <summary>A program, or a map of <c>struct_ops</c>, as libbpf has it, to be attached by it.</summary>
internal sealed record LibbpfProgram(LibbpfObject Owner, nint Handle)
{
    /// <summary>Attaches a program to what its section says; null where its section does not say enough for libbpf.</summary>
    /// <exception cref="KernelException">The kernel or libbpf refused it.</exception>
    public BpfLink? Attach(BpfProgram program) =>
        Attach(program.Kernel, program, program.Section.TrimStart('?'), () => LibbpfCalls.ProgramAttach(Handle));

    /// <summary>Gives the programs of a map of <c>struct_ops</c> to the kernel.</summary>
    /// <exception cref="KernelException">The kernel or libbpf refused it.</exception>
    public BpfLink? Attach(BpfMap map) => Attach(map.Kernel, null, $"struct_ops {map.Name}", () => LibbpfCalls.MapAttach(Handle));

    private BpfLink? Attach(IKernel kernel, BpfProgram? program, string hook, Func<nint> attach)
    {
        using var messages = new LibbpfMessages();
        lock (Owner.Gate)
        {
            var taken = false;
            try
            {
                Owner.DangerousAddRef(ref taken);
                var link = attach();
                var error = Marshal.GetLastPInvokeError();
                return link != 0 ? Wrap(new(link, Owner), kernel, program, hook)
                    : error == Errno.NotSupported && messages.ToString().Length == 0 ? null
                    : throw new KernelException(error, $"attach {hook}", LibbpfErrors.Hint(error, messages));
            }
            finally
            {
                if (taken)
                {
                    Owner.DangerousRelease();
                }
            }
        }
    }

    // Where the kernel has a link, it is used as any other; there is none for USDT, and none for struct_ops before Linux 6.4.
    private static BpfLink Wrap(LibbpfLinkHandle link, IKernel kernel, BpfProgram? program, string hook)
    {
        var number = LibbpfCalls.LinkDescriptor(link);
        if (number >= 0)
        {
            var copy = BpfDescriptor.Of(kernel, kernel.Duplicate(number, 1), $"attach {hook}");
            if (kernel.Text(copy).Has("link_type"))
            {
                return new LibbpfLink(kernel, copy, program, hook, link);
            }

            copy.Dispose();
        }

        return new LibbpfEvents(kernel, program, hook, link);
    }
}
