using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Tests.Stage;

/// <summary>The objects of <c>bpf/tests</c>, compiled for this machine.</summary>
internal static class Objects
{
    private static string Machine => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x86";

    /// <summary>All of their names, in order.</summary>
    public static IEnumerable<string> Names => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "bpf", "tests"), "*.bpf.c")
        .Select(path => Path.GetFileName(path)[..^".bpf.c".Length]).Order(StringComparer.Ordinal);

    /// <summary>The bytes of one.</summary>
    /// <param name="more">More arguments of the compiler.</param>
    public static byte[] Bytes(string name, string more = "") => Clang.Compile(name + ".bpf.c", more: $"-D__TARGET_ARCH_{Machine} {more}");

    /// <summary>One, as it is read.</summary>
    public static ObjectSpec Spec(string name, string more = "") => ObjectSpec.Parse(Bytes(name, more), name);
}
