using Weft.Bpf.Kernel;

namespace Weft.Kernel.Guest;

/// <summary>The kernel below, which hides what came late, so that the library takes the older way to the same end.</summary>
/// <param name="hasLinks">Whether it makes links.</param>
/// <param name="hasProbeEvents">Whether it has sources of events for probes, besides the lines of tracefs.</param>
internal sealed class OlderKernel(bool hasLinks, bool hasProbeEvents) : PassingKernel
{
    private const string ProbeEvents = "/sys/bus/event_source/devices/kprobe";

    public override long Bpf(BpfCommand command, Span<byte> attributes) =>
        command == BpfCommand.LinkCreate && !hasLinks ? -Errno.Invalid : Below.Bpf(command, attributes);

    public override long Open(string path, int flags) => IsHidden(path) ? -Errno.NoEntry : Below.Open(path, flags);

    public override byte[]? ReadFile(string path) => IsHidden(path) ? null : Below.ReadFile(path);

    // Nor may it raise limits.
    public override long RaiseLockedMemory() => -Errno.NotImplemented;

    private bool IsHidden(string path) => !hasProbeEvents && path.StartsWith(ProbeEvents, StringComparison.Ordinal);
}
