using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What the kernel's errors mean for the elements of a map.</summary>
internal static class MapRefusal
{
    public static KernelException Of(BpfMap map, int errno, string what) => new(errno, $"{what} {map.Name}", Hint(map, errno, what));

    private static string? Hint(BpfMap map, int errno, string what) => errno switch
    {
        Errno.TooBig when IsUpdate(what) => $"it is full, or the key is not below its {map.Spec.MaxEntries} elements",
        Errno.NoEntry => "there is no such element",
        Errno.Exists => "there is such an element already",
        Errno.NoSpace when what.Contains("batch", StringComparison.Ordinal) => "more elements lie together than the buffers take: give larger ones",
        Errno.NoSpace => "it is full",
        Errno.Permission when IsWrite(what) => "it is frozen, or user space may only read it",
        Errno.Permission => "user space may not read it",
        Errno.Invalid => $"this kernel does not do it with a {map.Type}, or the flags are wrong",
        Errno.NotSupported or Errno.KernelNotSupported => $"a {map.Type} cannot do it",
        Errno.Busy => "another program changes the same element",
        Errno.BadDescriptor => "what is to be put into it is no object that fits",
        _ => null,
    };

    private static bool IsUpdate(string what) => what.Contains("update", StringComparison.Ordinal);

    private static bool IsWrite(string what) => IsUpdate(what) || what.Contains("delete", StringComparison.Ordinal);
}
