using System.Collections.Concurrent;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// A program that is attached. It stays so until <see cref="Dispose()"/> or <see cref="Detach"/>, or until the process ends
/// where it is not pinned. A link that is forgotten stays attached, too: all that live are held in a set, so that the
/// garbage collector never detaches one. Its methods may be called by several threads.
/// </summary>
public abstract class BpfLink : IDisposable
{
    private static readonly ConcurrentDictionary<BpfLink, byte> Attached = new();

    private int _isDisposed;

    private protected BpfLink(IKernel kernel, BpfProgram? program, string hook)
    {
        Kernel = kernel;
        Program = program;
        Hook = hook;
        Attached.TryAdd(this, 0);
    }

    /// <summary>The kernel that has it.</summary>
    public IKernel Kernel { get; }

    /// <summary>What is attached; null where the link was opened by the path of its pin.</summary>
    public BpfProgram? Program { get; private protected set; }

    /// <summary>Where it is attached, as errors name it: <c>tracepoint syscalls/sys_enter_openat</c>.</summary>
    public string Hook { get; }

    /// <summary>Where <see cref="Pin"/> has pinned it; null where it is not.</summary>
    public string? PinnedAt { get; private set; }

    /// <summary>Whether it was disposed or detached.</summary>
    public bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    /// <summary>What the kernel tells of it. Linux 5.8; needs <c>CAP_SYS_ADMIN</c> in some kernels.</summary>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    /// <exception cref="BpfNotSupportedException">This kernel has no link there, but an older way to attach.</exception>
    public abstract LinkInfo Info { get; }

    /// <summary>A link that was pinned, by this process or by another. Linux 5.7.</summary>
    /// <param name="path">Where, in a BPF file system.</param>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink OpenPinned(string path, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        var descriptor = BpfDescriptor.Of(kernel, LinkCalls.OpenPinned(kernel, path), $"open link {path}");
        return new KernelLink(kernel, descriptor, null, $"link {path}") { PinnedAt = path };
    }

    /// <summary>
    /// Gives the link a name in a BPF file system. It stays attached as long as the name is there, also when it is disposed
    /// and when this process has ended. Linux 5.7; 5.15 for tracepoints and probes.
    /// </summary>
    /// <param name="path">The name, which must not exist; its folder must.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    /// <exception cref="BpfNotSupportedException">This kernel has no link there, but an older way to attach.</exception>
    public void Pin(string path)
    {
        ThrowIfDisposed();
        PinTo(path);
        PinnedAt = path;
    }

    /// <summary>Takes the name of <see cref="Pin"/> away; the link stays attached.</summary>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public void Unpin()
    {
        if (PinnedAt is { } path)
        {
            var result = Kernel.Unlink(path);
            if (result is < 0 and not -Errno.NoEntry)
            {
                throw new KernelException((int)-result, $"unpin {Hook}: unlink {path}");
            }

            PinnedAt = null;
        }
    }

    /// <summary>
    /// Puts another program in the place of this one, without a moment in which none is attached. Linux 5.7; only cgroups,
    /// interfaces (XDP, TCX) and iterators can do it.
    /// </summary>
    /// <param name="program">The other, of the same type.</param>
    /// <exception cref="KernelException">The kernel refused it: this kind of link cannot.</exception>
    /// <exception cref="BpfNotSupportedException">This kernel has no link there, but an older way to attach.</exception>
    public void Update(BpfProgram program)
    {
        ThrowIfDisposed();
        Replace(program);
        Program = program;
    }

    /// <summary>
    /// Puts another structure of operations in the place of this one, without a moment in which none is attached. Linux 6.4.
    /// What is the same in both, such as the name of a congestion control, depends on what they are for.
    /// </summary>
    /// <param name="map">The other, of the same type, in a section <c>.struct_ops.link</c>.</param>
    /// <exception cref="KernelException">The kernel refused it: these operations cannot be exchanged, or differ in what must not.</exception>
    /// <exception cref="BpfNotSupportedException">The link is of another kind, or this kernel has none for operations.</exception>
    public virtual void Update(BpfMap map) => throw new BpfNotSupportedException($"{Hook}: this link has no structure of operations");

    /// <summary>
    /// Detaches the program, also where the link is pinned by this process; then the link is disposed. Where others have
    /// pinned it, only cgroups and interfaces let go (Linux 5.9). Others, where they were pinned, the kernel detaches when it
    /// has taken the name away, which is a moment after this has returned.
    /// </summary>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public void Detach()
    {
        ThrowIfDisposed();
        LetGo();
        Unpin();
        Dispose();
    }

    /// <summary>Detaches the program, unless it is pinned.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Attached.TryRemove(this, out _);
            Release();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract void PinTo(string path);

    private protected abstract void Replace(BpfProgram program);

    /// <summary>Detaches it while descriptors and pins exist, where the kernel can do it.</summary>
    private protected abstract void LetGo();

    /// <summary>Closes what it has.</summary>
    private protected abstract void Release();

    private protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);
}
