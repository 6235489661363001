using Weft.Bpf.Features;

namespace Weft.Bpf.Kernel;

/// <summary>
/// How much memory a process may lock. Before Linux 5.11 maps, programs and types count as locked, and the usual limit is too
/// low for a single ring buffer; the kernel then answers <c>EPERM</c>. libbpf raises it, too.
/// </summary>
internal static class LockedMemory
{
    private const uint CountedByControlGroup = 0x50B00;

    /// <summary>Whether the limit counts for this kernel, so that it may be what was refused.</summary>
    public static bool Counts(IKernel kernel) => KernelVersion.Read(kernel) is > 0 and < CountedByControlGroup;

    /// <summary>Lifts the limit where it may be what the kernel refused.</summary>
    /// <returns>Whether it was lifted, so that it is worth asking again.</returns>
    public static bool Raise(IKernel kernel) => Counts(kernel) && kernel.RaiseLockedMemory() > 0;
}
