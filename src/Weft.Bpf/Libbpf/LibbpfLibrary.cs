using System.Runtime.InteropServices;
using Weft.Bpf.Libbpf;

namespace Weft.Bpf;

/// <summary>
/// The system's <c>libbpf.so.1</c>, which <see cref="BpfBackend.Libbpf"/> stands on. It is looked for when it is first asked
/// for; nothing else here needs it.
/// </summary>
public static class LibbpfLibrary
{
    /// <summary>The file that is looked for, where the system's loader looks: versions from 1.0 on are called so.</summary>
    public const string FileName = "libbpf.so.1";

    private static readonly Lazy<Version?> Found = new(Find);

    /// <summary>Whether it is there.</summary>
    public static bool IsAvailable => Found.Value is not null;

    /// <summary>Its version, such as 1.1; null where it is not there.</summary>
    public static Version? Version => Found.Value;

    /// <exception cref="BpfNotSupportedException">It is not there.</exception>
    internal static void Require()
    {
        if (!IsAvailable)
        {
            throw new BpfNotSupportedException(
                $"{FileName} is not there: install libbpf 1.0 or newer (package libbpf1 of Debian and Ubuntu, libbpf of Fedora and "
                + "Alpine), or load with the managed back-end, which needs none");
        }
    }

    private static Version? Find()
    {
        // Older ones lack these, and call themselves libbpf.so.0.
        if (!NativeLibrary.TryLoad(FileName, typeof(LibbpfLibrary).Assembly, null, out var library)
            || !NativeLibrary.TryGetExport(library, "libbpf_major_version", out _)
            || !NativeLibrary.TryGetExport(library, "bpf_map__set_autocreate", out _))
        {
            return null;
        }

        return new((int)LibbpfCalls.MajorVersion(), (int)LibbpfCalls.MinorVersion());
    }
}
