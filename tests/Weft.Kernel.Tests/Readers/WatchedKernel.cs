using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Readers;

/// <summary>The kernel below; it tells when a thread is about to wait.</summary>
internal sealed class WatchedKernel : IKernel
{
    private readonly LinuxKernel _kernel = LinuxKernel.Instance;
    private volatile TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts what waits on a thread of its own; the outer task ends when it is about to.</summary>
    public async Task<Task<T>> Wait<T>(Func<T> poll)
    {
        var waits = _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = Task.Factory.StartNew(poll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(waits.Task, result);
        return result;
    }

    public long EpollWait(int epoll, Span<ulong> tags, int milliseconds)
    {
        _waits.TrySetResult();
        return _kernel.EpollWait(epoll, tags, milliseconds);
    }

    public long Bpf(BpfCommand command, Span<byte> attributes) => _kernel.Bpf(command, attributes);

    public long PerfEventOpen(ReadOnlySpan<byte> attributes, int process, int cpu, int group, ulong flags) =>
        _kernel.PerfEventOpen(attributes, process, cpu, group, flags);

    public long IoControl(int descriptor, ulong request, long argument) => _kernel.IoControl(descriptor, request, argument);

    public long Open(string path, int flags) => _kernel.Open(path, flags);

    public long Read(int descriptor, Span<byte> buffer) => _kernel.Read(descriptor, buffer);

    public long ReadAt(int descriptor, Span<byte> buffer, long offset) => _kernel.ReadAt(descriptor, buffer, offset);

    public long Write(int descriptor, ReadOnlySpan<byte> bytes) => _kernel.Write(descriptor, bytes);

    public long Close(int descriptor) => _kernel.Close(descriptor);

    public long Unlink(string path) => _kernel.Unlink(path);

    public long Duplicate(int descriptor, int least) => _kernel.Duplicate(descriptor, least);

    public nint Map(nint length, int protection, int flags, int descriptor, long offset) =>
        _kernel.Map(length, protection, flags, descriptor, offset);

    public long Unmap(nint address, nint length) => _kernel.Unmap(address, length);

    public long EventDescriptor() => _kernel.EventDescriptor();

    public long EpollCreate() => _kernel.EpollCreate();

    public long EpollAdd(int epoll, int descriptor, ulong tag) => _kernel.EpollAdd(epoll, descriptor, tag);

    public long EpollAddWritable(int epoll, int descriptor, ulong tag) => _kernel.EpollAddWritable(epoll, descriptor, tag);

    public byte[]? ReadFile(string path) => _kernel.ReadFile(path);
}
