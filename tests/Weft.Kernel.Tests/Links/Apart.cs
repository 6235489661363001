using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Links;

/// <summary>
/// Runs a test on a thread with mounts and a network of its own, which go when it ends: tracefs and a BPF file system are
/// mounted there, and nothing of it is seen outside.
/// </summary>
internal static partial class Apart
{
    /// <summary>Where the BPF file system is.</summary>
    public const string BpfFolder = "/sys/fs/bpf";

    private const int NewMounts = 0x20000;
    private const int NewNetwork = 0x40000000;
    private const ulong PrivateAll = 0x4000 | 0x40000;

    public static void Run(Action test)
    {
        Privileged.Require();
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.SkipWhen(Unshare(NewMounts | NewNetwork) != 0, "this process may have no namespaces");
                Mounted(Mount("none", "/", null, PrivateAll, null));
                Mounted(Mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, null));
                Mounted(Mount("bpf", BpfFolder, "bpf", 0, null));
                test();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
    }

    private static void Mounted(int result) => Assert.Equal((0, ""), (result, result == 0 ? "" : Marshal.GetLastPInvokeErrorMessage()));

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string? type, ulong flags, string? data);
}
