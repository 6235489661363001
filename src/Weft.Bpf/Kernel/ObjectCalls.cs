using System.Text;

namespace Weft.Bpf.Kernel;

/// <summary>Commands that all kinds of objects have: to open one, to tell of it, to pin it.</summary>
internal static class ObjectCalls
{
    /// <summary>Opens an object by its id. Linux 4.13, links 5.8; needs <c>CAP_SYS_ADMIN</c>.</summary>
    /// <exception cref="KernelException">There is none, or the kernel refused.</exception>
    public static BpfDescriptor OpenById(this IKernel kernel, BpfCommand command, uint id, string stage)
    {
        var attributes = new IdAttributes { Id = id };
        var result = kernel.Call(command, ref attributes);
        var hint = result switch
        {
            -Errno.NoEntry => "there is none with this id",
            -Errno.Permission => "opening objects by id needs CAP_SYS_ADMIN",
            _ => null,
        };
        return result >= 0 ? BpfDescriptor.Of(kernel, result, stage) : throw new KernelException((int)-result, stage, hint);
    }

    /// <summary>Asks what the kernel tells of an object. Fields that it does not know stay as they are.</summary>
    /// <returns>0, or an error.</returns>
    public static unsafe long Info<T>(this IKernel kernel, BpfDescriptor descriptor, ref T info)
        where T : unmanaged
    {
        using var use = new DescriptorUse(descriptor);
        fixed (T* start = &info)
        {
            var attributes = new InfoAttributes { Descriptor = use.Number, Size = (uint)sizeof(T), Info = start };
            return kernel.CallWhole(BpfCommand.ObjectGetInfoByFd, ref attributes);
        }
    }

    /// <summary>What <c>/proc</c> tells of a descriptor.</summary>
    public static DescriptorText Text(this IKernel kernel, BpfDescriptor descriptor)
    {
        using var use = new DescriptorUse(descriptor);
        var bytes = kernel.ReadFile($"/proc/self/fdinfo/{use.Number}");
        return new(bytes is null ? "" : Encoding.UTF8.GetString(bytes));
    }

    /// <summary>Pins an object, or opens a pinned one, by its path.</summary>
    public static unsafe long PinCall(this IKernel kernel, BpfCommand command, string path, uint descriptor, uint flags)
    {
        var bytes = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* start = bytes)
        {
            var attributes = new PinAttributes { Path = start, Descriptor = descriptor, FileFlags = flags };
            return kernel.Call(command, ref attributes);
        }
    }

    /// <summary>The characters of a name.</summary>
    public static string Text(this BpfName name)
    {
        ReadOnlySpan<byte> bytes = name;
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
