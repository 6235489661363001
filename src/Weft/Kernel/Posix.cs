using System.Runtime.InteropServices;

namespace Weft.Kernel;

/// <summary>What the framework does not offer of the operating system.</summary>
internal static partial class Posix
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end. One that is gone already is no error.</summary>
    public static void Terminate(int process) => _ = Kill(process, Sigterm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
