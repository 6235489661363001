using System.Globalization;

namespace Weft.Bpf.Kernel;

/// <summary>The kernel's errors that eBPF meets, with their names.</summary>
public static class Errno
{
#pragma warning disable CS1591 // They are the kernel's names.
    public const int Permission = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int Interrupted = 4;
    public const int TooBig = 7;
    public const int BadDescriptor = 9;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int Access = 13;
    public const int BadAddress = 14;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int NoDevice = 19;
    public const int Invalid = 22;
    public const int NoSpace = 28;
    public const int Range = 34;
    public const int NotImplemented = 38;
    public const int WrongSequence = 84;
    public const int NotSupported = 95;

    /// <summary>The kernel's own ENOTSUPP, for which C libraries have no name.</summary>
    public const int KernelNotSupported = 524;
#pragma warning restore CS1591

    /// <summary>The name of an error, such as <c>EINVAL</c>; its number where it has none here.</summary>
    /// <param name="errno">The error, above zero.</param>
    public static string Name(int errno) => errno switch
    {
        Permission => "EPERM",
        NoEntry => "ENOENT",
        NoProcess => "ESRCH",
        Interrupted => "EINTR",
        TooBig => "E2BIG",
        BadDescriptor => "EBADF",
        Again => "EAGAIN",
        NoMemory => "ENOMEM",
        Access => "EACCES",
        BadAddress => "EFAULT",
        Busy => "EBUSY",
        Exists => "EEXIST",
        NoDevice => "ENODEV",
        Invalid => "EINVAL",
        NoSpace => "ENOSPC",
        Range => "ERANGE",
        NotImplemented => "ENOSYS",
        WrongSequence => "EILSEQ",
        NotSupported => "EOPNOTSUPP",
        KernelNotSupported => "ENOTSUPP",
        _ => string.Create(CultureInfo.InvariantCulture, $"errno {errno}"),
    };
}
