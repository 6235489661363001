using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What an iterator writes.</summary>
internal sealed class IteratorStream(IKernel kernel, BpfDescriptor descriptor, string hook) : Stream
{
    private const int MaxTries = 1000;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        // EAGAIN: the kernel has skipped as many objects as it may at a time, and goes on with the next read.
        long count;
        var tries = 0;
        do
        {
            count = kernel.Read(descriptor.Number, buffer);
        }
        while (count is -Errno.Again or -Errno.Interrupted && ++tries < MaxTries);

        GC.KeepAlive(descriptor);
        return count >= 0 ? (int)count : throw new KernelException((int)-count, $"{hook}: read");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        descriptor.Dispose();
        base.Dispose(disposing);
    }
}
