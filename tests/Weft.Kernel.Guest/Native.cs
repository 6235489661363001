using System.Runtime.InteropServices;

namespace Weft.Kernel.Guest;

/// <summary>What only the C library does.</summary>
internal static partial class Native
{
    public const int GetParent = 110;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, nint data);

    [LibraryImport(Library, EntryPoint = "reboot", SetLastError = true)]
    public static partial int Reboot(int how);

    [LibraryImport(Library, EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeNode(string path, uint mode, ulong device);

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveFolder(string path);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    /// <summary>Calls the kernel.</summary>
    public static void Parent() => _ = AskParent();

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Control(int descriptor, nuint request, byte* argument);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    public static unsafe partial int SetLimit(int resource, ulong* limits);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial long Call(long number, byte* a, long b, byte* c);

    [LibraryImport(Library, EntryPoint = "getppid")]
    private static partial int AskParent();
}
