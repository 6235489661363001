using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// A right to load some maps, programs and types that was lent to a user namespace, such as a container's, which has no rights
/// of its own to do it. Who mounts a BPF file system for the namespace says what is lent (<c>delegate_cmds</c>,
/// <c>delegate_maps</c>, <c>delegate_progs</c>, <c>delegate_attachs</c>). Linux 6.9.
/// </summary>
public sealed class BpfToken : IDisposable
{
    private readonly IKernel _below;

    private BpfToken(IKernel kernel, BpfDescriptor descriptor)
    {
        _below = kernel;
        Descriptor = descriptor;
        Kernel = new TokenKernel(kernel, descriptor);
    }

    /// <summary>Its descriptor.</summary>
    public BpfDescriptor Descriptor { get; }

    /// <summary>The kernel as it is with this right: maps, programs and types are made with the token, all else as ever.</summary>
    public IKernel Kernel { get; }

    /// <summary>Takes the right that a BPF file system lends. Needs <c>CAP_BPF</c> in its user namespace.</summary>
    /// <param name="path">Where the file system is mounted.</param>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">
    /// The kernel refused it: <c>ENOENT</c> where the file system lends nothing, <c>EOPNOTSUPP</c> outside of a user namespace.
    /// </exception>
    public static BpfToken Create(string path = "/sys/fs/bpf", IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        using var folder = BpfDescriptor.Of(kernel, kernel.Open(path, 0), $"open {path}");
        var attributes = new TokenCreateAttributes { Folder = (uint)folder.Number };
        var result = kernel.Call(BpfCommand.TokenCreate, ref attributes);
        return result >= 0
            ? new(kernel, BpfDescriptor.Of(kernel, result, $"token_create {path}"))
            : throw new KernelException((int)-result, $"token_create {path}", Hint((int)-result));
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>Another kernel with this right: one that looks at what is asked, or the same.</summary>
    internal IKernel Over(IKernel kernel) => kernel == _below ? Kernel : new TokenKernel(kernel, Descriptor);

    private static string? Hint(int errno) => errno switch
    {
        Errno.NoEntry => "the file system lends nothing; mount it with delegate_cmds, delegate_maps, delegate_progs and delegate_attachs",
        Errno.NotSupported => "this process is in no user namespace of its own, and has its rights without a token",
        Errno.Permission => "the file system is of another user namespace, or CAP_BPF is missing in this one",
        Errno.Invalid => "this is not where a BPF file system is mounted, or the kernel knows no tokens (Linux 6.9)",
        _ => null,
    };
}

/// <summary>The attributes of <c>BPF_TOKEN_CREATE</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TokenCreateAttributes
{
    public uint Flags;
    public uint Folder;
}
