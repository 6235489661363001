using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>Whether programs can be attached to perf events. The events are never enabled.</summary>
internal static unsafe class PerfProbes
{
    private const uint SoftwareType = 1;
    private const ulong DummyEvent = 9;
    private const ulong Disabled = 1;
    private const ulong SetProgram = 0x4004_2408;
    private const ulong CloseOnExec = 8;

    public static FeatureAnswer Link(IKernel kernel) => WithEvent(
        kernel, new() { Type = SoftwareType, Config = DummyEvent }, ProgramType.PerfEvent, LinkTo);

    public static FeatureAnswer Kprobe(IKernel kernel) => Probe(kernel, "kprobe", ProbeTargets.FunctionName);

    // The beginning of a file is no code: nothing is changed there.
    public static FeatureAnswer Uprobe(IKernel kernel) => Probe(kernel, "uprobe", "/proc/self/exe");

    private static FeatureAnswer Probe(IKernel kernel, string device, string target)
    {
        if (kernel.ReadFile($"/sys/bus/event_source/devices/{device}/type") is not { } text
            || !uint.TryParse(Encoding.ASCII.GetString(text).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var type))
        {
            return WithoutDevice(kernel, device);
        }

        fixed (byte* name = Encoding.UTF8.GetBytes(target + '\0'))
        {
            var attributes = new PerfAttributes { Type = type, Target = name };
            return WithEvent(kernel, attributes, ProgramType.Kprobe, SetOn);
        }
    }

    // Before 4.17, or where it was left out, probes are made by writing to a file, which is not tried: it would be seen.
    private static FeatureAnswer WithoutDevice(IKernel kernel, string device)
    {
        string[] folders = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
        return Array.Exists(folders, folder => kernel.ReadFile($"{folder}/{device}_events") is not null)
            ? new FeatureAnswer.Unknown(Errno.NoDevice, "attach", $"there is no PMU {device}, but {device}_events; that was not tried")
            : new FeatureAnswer.Refused(Errno.NoDevice, "attach");
    }

    private static FeatureAnswer WithEvent(
        IKernel kernel, PerfAttributes attributes, ProgramType type, Func<IKernel, uint, int, FeatureAnswer> attach)
    {
        attributes.Size = (uint)sizeof(PerfAttributes);
        attributes.Flags = Disabled;
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<PerfAttributes>(in attributes));
        var result = kernel.PerfEventOpen(bytes, 0, -1, -1, CloseOnExec);
        if (result < 0)
        {
            return result == -Errno.NoEntry
                ? new FeatureAnswer.Refused(Errno.NoEntry, "attach")
                : Judgement.OfError(kernel, (int)-result, "perf_event_open");
        }

        using var perfEvent = BpfDescriptor.Of(kernel, result, "");
        return AttachProbes.With(kernel, type, ProgramProbe.Attributes(kernel, type), program => attach(kernel, program, perfEvent.Number));
    }

    private static FeatureAnswer LinkTo(IKernel kernel, uint program, int perfEvent) => Judgement.OfDescriptor(
        kernel, AttachProbes.Link(kernel, new() { Program = program, Target = perfEvent, AttachType = (uint)AttachType.PerfEvent }), "attach");

    private static FeatureAnswer SetOn(IKernel kernel, uint program, int perfEvent)
    {
        var result = kernel.IoControl(perfEvent, SetProgram, program);
        return result < 0 ? Judgement.OfError(kernel, (int)-result, "attach") : Judgement.Yes;
    }

    /// <summary>The beginning of <c>struct perf_event_attr</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 112)]
    private struct PerfAttributes
    {
        [FieldOffset(0)]
        public uint Type;
        [FieldOffset(4)]
        public uint Size;
        [FieldOffset(8)]
        public ulong Config;
        [FieldOffset(40)]
        public ulong Flags;
        [FieldOffset(56)]
        public byte* Target;
    }
}
