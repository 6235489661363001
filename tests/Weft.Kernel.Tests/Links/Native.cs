using System.Runtime.InteropServices;

namespace Weft.Kernel.Tests.Links;

/// <summary>Calls that programs under test see.</summary>
internal static partial class Native
{
    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    public static void Parent() => Assert.NotEqual(-1, GetParent());

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int Thread();
}
