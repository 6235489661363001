using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Pieces of a file that may be large, and hostile: what is not there is a <see cref="BpfFormatException"/>.</summary>
internal sealed class FileBytes(IKernel kernel, BpfDescriptor file, string name)
{
    public string Name => name;

    /// <summary>Fills all of the buffer.</summary>
    /// <param name="at">Where it begins in the file.</param>
    public void Read(Span<byte> buffer, ulong at)
    {
        while (buffer.Length > 0)
        {
            var count = at <= long.MaxValue ? kernel.ReadAt(file.Number, buffer, (long)at) : 0;
            if (count == -Errno.Interrupted)
            {
                continue;
            }

            if (count < 0)
            {
                throw new KernelException((int)-count, $"read {name}");
            }

            if (count == 0)
            {
                throw new BpfFormatException($"{name}: {buffer.Length} bytes at {at} are outside of the file");
            }

            buffer = buffer[(int)count..];
            at += (ulong)count;
        }
    }
}
