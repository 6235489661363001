using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Pieces of a file that may be large, and hostile: what is not there is a <see cref="BpfFormatException"/>.</summary>
internal sealed class FileBytes(IKernel kernel, BpfDescriptor file, string name) : IDisposable
{
    public string Name => name;

    public BpfDescriptor Descriptor => file;

    /// <summary>Opens a file to look for a place to attach at.</summary>
    /// <exception cref="KernelException">There is none, or it may not be read.</exception>
    public static FileBytes Open(IKernel kernel, string path, string hook)
    {
        var result = kernel.Open(path, 0);
        return result >= 0
            ? new(kernel, BpfDescriptor.Of(kernel, result, hook), path)
            : throw AttachHints.Refused(result, hook, "open", result == -Errno.NoEntry ? "there is no such file" : null);
    }

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

    public void Dispose() => file.Dispose();
}
