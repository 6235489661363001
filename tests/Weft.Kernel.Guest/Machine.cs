using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Kernel.Guest;

/// <summary>The machine that this process has for itself: it makes of it what a system of Linux finds when it starts.</summary>
internal static class Machine
{
    private const int Restarting = 0x1234567;
    private const int LockedMemory = 8;
    private const int LoadModule = 175;

    private static readonly (string Type, string Folder)[] FileSystems =
    [
        ("proc", "/proc"), ("sysfs", "/sys"), ("devtmpfs", "/dev"), ("tmpfs", "/tmp"), ("tracefs", "/sys/kernel/tracing"),
        ("debugfs", "/sys/kernel/debug"), ("securityfs", "/sys/kernel/security"), ("cgroup2", "/sys/fs/cgroup"), ("bpf", "/sys/fs/bpf"),
    ];

    public static string Release => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    public static Version Version { get; private set; } = new();

    public static void Prepare()
    {
        foreach (var (type, folder) in FileSystems)
        {
            // Folders of sysfs are there, or may not be made.
            _ = Native.MakeFolder(folder, 0x1ED);
            Must(Native.Mount(type, folder, type, 0, 0), $"mount {folder}");
        }

        Version = System.Version.Parse(Release[..Release.IndexOfAny(['-', '+'])]);
        Raise("lo");
    }

    /// <summary>Whether the kernel has programs for its security hooks, which its command line decides.</summary>
    public static bool HasSecurityPrograms => File.ReadAllText("/sys/kernel/security/lsm").Split(',').Contains("bpf");

    /// <summary>Whether the kernel was built with something.</summary>
    public static bool HasSetting(string name) => File.ReadLines($"/boot/config-{Release}").Contains(name + "=y");

    /// <summary>How long the machine runs.</summary>
    public static string Age => $"{Environment.TickCount64 / 1000.0:f1} s";

    /// <summary>Turns a network interface on.</summary>
    public static unsafe void Raise(string name)
    {
        const nuint GetFlags = 0x8913, SetFlags = 0x8914;
        var request = stackalloc byte[40];
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 16));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Must(Native.Control((int)socket.Handle, GetFlags, request), $"flags of {name}");
        request[16] |= 1;
        Must(Native.Control((int)socket.Handle, SetFlags, request), $"raise {name}");
    }

    public static unsafe void Insert(byte[] module, string parameters)
    {
        fixed (byte* bytes = module, text = Encoding.ASCII.GetBytes(parameters + '\0'))
        {
            Must((int)Native.Call(LoadModule, bytes, module.Length, text), "init_module");
        }
    }

    /// <summary>Restarts the machine, which QEMU has been told to end with.</summary>
    public static void Restart() => Must(Native.Reboot(Restarting), "reboot");

    /// <summary>Sets how much memory may be locked: before Linux 5.11 that of maps and programs counts.</summary>
    public static unsafe void LimitLockedMemory(ulong bytes)
    {
        var limits = stackalloc[] { bytes, ulong.MaxValue };
        Must(Native.SetLimit(LockedMemory, limits), "setrlimit");
    }

    private static int Must(int result, string what) => result >= 0
        ? result
        : throw new InvalidOperationException($"{what}: {Marshal.GetLastPInvokeErrorMessage()}");
}
