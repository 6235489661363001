using System.Runtime.InteropServices;

namespace Weft.Kernel.Tests.Tokens;

/// <summary>The steps by which a BPF file system of another user namespace lends rights, which need this namespace's.</summary>
internal static partial class Lending
{
    private const int GetDescriptor = 438;
    private const int OpenProcess = 434;
    private const int OpenFileSystem = 430;
    private const int Configure = 431;
    private const int MakeMount = 432;
    private const int SetText = 1;
    private const int Create = 6;

    /// <summary>Begins a BPF file system, which will be of the caller's user namespace.</summary>
    public static unsafe int Begin()
    {
        fixed (byte* type = "bpf\0"u8)
        {
            return Must(Call(OpenFileSystem, (nint)type, 0, 0, 0, 0), "fsopen");
        }
    }

    /// <summary>Lends all that can be lent by a file system that another process has begun, and makes it.</summary>
    public static void Lend(int process, int descriptor)
    {
        var handle = Must(Call(OpenProcess, process, 0, 0, 0, 0), "pidfd_open");
        var system = Must(Call(GetDescriptor, handle, descriptor, 0, 0, 0), "pidfd_getfd");
        foreach (var option in (string[])["delegate_cmds", "delegate_maps", "delegate_progs", "delegate_attachs"])
        {
            Set(system, option, "any");
        }

        Must(Call(Configure, system, Create, 0, 0, 0), "fsconfig create");
        _ = Close(system);
        _ = Close(handle);
    }

    /// <summary>Mounts it, with no place but its descriptor.</summary>
    public static int Mount(int system) => Must(Call(MakeMount, system, 0, 0, 0, 0), "fsmount");

    private static unsafe void Set(int system, string key, string value)
    {
        fixed (byte* keyText = System.Text.Encoding.UTF8.GetBytes(key + '\0'), valueText = System.Text.Encoding.UTF8.GetBytes(value + '\0'))
        {
            Must(Call(Configure, system, SetText, (nint)keyText, (nint)valueText, 0), $"fsconfig {key}");
        }
    }

    private static int Must(long result, string what)
    {
        Assert.True(result >= 0, $"{what}: {Marshal.GetLastPInvokeErrorMessage()}");
        return (int)result;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Call(long number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
