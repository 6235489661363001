using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Btf;

/// <summary>Types in the kernel, which maps and programs refer to. They are gone when nobody uses them any more.</summary>
public sealed unsafe class BtfObject : IDisposable
{
    private const int FirstLog = 1 << 16;
    private const int MostLog = 1 << 24;

    private readonly IKernel _kernel;

    internal BtfObject(IKernel kernel, BpfDescriptor descriptor)
    {
        _kernel = kernel;
        Descriptor = descriptor;
    }

    /// <summary>Its descriptor.</summary>
    public BpfDescriptor Descriptor { get; }

    /// <summary>Loads types. Linux 4.18; needs <c>CAP_BPF</c>, before Linux 5.8 <c>CAP_SYS_ADMIN</c>.</summary>
    /// <param name="bytes">The types, from <see cref="BtfSanitizer.ForKernel"/>.</param>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">The kernel refused them; the message ends with the last line of its log.</exception>
    public static BtfObject Load(ReadOnlySpan<byte> bytes, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        var result = Load(kernel, bytes, default);
        if (result < 0)
        {
            throw new KernelException((int)-result, "btf_load", Reason(kernel, bytes));
        }

        return new(kernel, BpfDescriptor.Of(kernel, result, "btf_load"));
    }

    /// <summary>What a kernel has. Linux 4.18, the name and whether it is the kernel's own 5.11.</summary>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public BtfObjectInfo Info()
    {
        Span<byte> name = stackalloc byte[64];
        fixed (byte* place = name)
        {
            var info = new BtfInfo { Name = (ulong)place, NameSize = (uint)name.Length };
            if (TryAsk(ref info) < 0)
            {
                // Before 5.11 a kernel knows no names; whatever else is wrong is wrong again.
                info = default;
                Ask(ref info);
            }

            var length = name.IndexOf((byte)0);
            return new(info.Id, Encoding.UTF8.GetString(length < 0 ? name : name[..length]), info.IsKernel != 0, (int)info.Size);
        }
    }

    /// <summary>The types themselves, as BTF.</summary>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public byte[] ReadBytes()
    {
        var bytes = new byte[Info().Size];
        fixed (byte* place = bytes)
        {
            var info = new BtfInfo { Bytes = (ulong)place, Size = (uint)bytes.Length };
            Ask(ref info);
        }

        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static long Load(IKernel kernel, ReadOnlySpan<byte> bytes, Span<byte> log)
    {
        fixed (byte* start = bytes, logStart = log)
        {
            var attributes = new BtfLoadAttributes
            {
                Bytes = (ulong)start,
                Size = (uint)bytes.Length,
                Log = (ulong)logStart,
                LogSize = (uint)log.Length,
                LogLevel = log.IsEmpty ? 0u : 1,
            };
            return kernel.Call(BpfCommand.BtfLoad, ref attributes);
        }
    }

    // A kernel that refuses types says why in its log, when it is asked once more with room for one.
    private static string? Reason(IKernel kernel, ReadOnlySpan<byte> bytes)
    {
        for (var size = FirstLog; size <= MostLog; size *= 4)
        {
            var log = new byte[size];
            var result = Load(kernel, bytes, log);
            if (result >= 0)
            {
                kernel.Close((int)result);
                return "it was taken when it was tried again";
            }

            if (result != -Errno.NoSpace)
            {
                var end = log.AsSpan().IndexOf((byte)0);
                var text = Encoding.UTF8.GetString(log.AsSpan(0, Math.Max(end, 0))).TrimEnd();
                return text.Length == 0 ? null : text[(text.LastIndexOf('\n') + 1)..];
            }
        }

        return null;
    }

    private void Ask(ref BtfInfo info)
    {
        var result = TryAsk(ref info);
        if (result < 0)
        {
            throw new KernelException((int)-result, "obj_get_info_by_fd btf");
        }
    }

    private long TryAsk(ref BtfInfo info)
    {
        fixed (BtfInfo* place = &info)
        {
            var attributes = new BtfInfoAttributes
            {
                Descriptor = (uint)Descriptor.Number,
                Size = (uint)sizeof(BtfInfo),
                Info = (ulong)place,
            };
            return _kernel.Call(BpfCommand.ObjectGetInfoByFd, ref attributes);
        }
    }
}
