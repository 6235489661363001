
namespace Weft.Bpf.Kernel;

/// <summary>Objects with a path on a BPF file system.</summary>
internal static class Pins
{
    /// <summary>Pins an object.</summary>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static void Pin(IKernel kernel, BpfDescriptor descriptor, string path, bool replaces, string stage)
    {
        using var use = new DescriptorUse(descriptor);

        // A name of its own beside it, which then takes the place: who opens the path finds the old or the new one.
        var first = replaces ? Beside(path) : path;
        var result = kernel.PinCall(BpfCommand.ObjectPin, first, use.Number, 0);
        if (result >= 0 && replaces)
        {
            result = kernel.Rename(first, path);
            if (result < 0)
            {
                kernel.Unlink(first);
            }
        }

        if (result < 0)
        {
            throw new KernelException((int)-result, stage, Hint((int)-result));
        }
    }

    /// <summary>Takes a pin away.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Unpin(IKernel kernel, string path)
    {
        var result = kernel.Unlink(path);
        return result >= 0 || (result == -Errno.NoEntry ? false : throw new KernelException((int)-result, $"unpin {path}"));
    }

    /// <summary>Opens a pinned object, of whatever kind.</summary>
    public static BpfDescriptor Open(IKernel kernel, string path, uint flags)
    {
        var result = kernel.PinCall(BpfCommand.ObjectGet, path, 0, flags);
        return result >= 0
            ? BpfDescriptor.Of(kernel, result, $"open {path}")
            : throw new KernelException((int)-result, $"open {path}", Hint((int)-result));
    }

    /// <summary>Refuses an object of another kind, where the kernel tells.</summary>
    /// <param name="field">What only this kind has: <c>map_type</c>, <c>prog_type</c> or <c>link_type</c>.</param>
    public static void CheckKind(IKernel kernel, BpfDescriptor descriptor, string field, string what)
    {
        var text = kernel.Text(descriptor);
        string[] kinds = ["map_type", "prog_type", "link_type"];
        if (!text.Has(field) && kinds.FirstOrDefault(text.Has) is { } other)
        {
            throw new MapMismatchException(what, [$"it is an object with {other}, but {field} is expected"]);
        }
    }

    private static string? Hint(int errno) => errno switch
    {
        Errno.Permission => "the path is not on a BPF file system, its name has a dot, or writing there is not allowed",
        Errno.NoEntry => "there is no such path",
        Errno.Exists => "something is pinned there already",
        Errno.Access => "the file's mode forbids it",
        _ => null,
    };

    private static string Beside(string path) => $"{path}_{RandomName.Next()}";
}
