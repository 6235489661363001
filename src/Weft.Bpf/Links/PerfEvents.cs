using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Events of <c>perf_event_open(2)</c>, and how a program gets at one.</summary>
internal static class PerfEvents
{
    public const uint Software = 1;
    public const uint Tracepoint = 2;

    private const ulong SetProgram = 0x40042408;
    private const ulong Enable = 0x2400;
    private const ulong CloseOnExec = 8;

    public static BpfDescriptor Open(
        IKernel kernel, PerfEventAttributes attributes, int process, int cpu, string hook, Func<long, string?>? hint = null)
    {
        var result = TryOpen(kernel, attributes, process, cpu);
        return result >= 0
            ? BpfDescriptor.Of(kernel, result, hook)
            : throw AttachHints.Refused(result, hook, "perf_event_open", hint?.Invoke(-result) ?? Hint(-result));
    }

    public static long TryOpen(IKernel kernel, PerfEventAttributes attributes, int process, int cpu)
    {
        attributes.Size = (uint)Unsafe.SizeOf<PerfEventAttributes>();
        return kernel.PerfEventOpen(
            MemoryMarshal.AsBytes(new ReadOnlySpan<PerfEventAttributes>(in attributes)), process, cpu, -1, CloseOnExec);
    }

    /// <summary>Attaches a program to an event, by a link (Linux 5.15) or, before, by the event alone.</summary>
    /// <param name="rest">What goes after the event; it goes also when this fails.</param>
    public static BpfLink Attach(BpfProgram program, BpfDescriptor @event, ulong cookie, string hook, IDisposable? rest = null)
    {
        try
        {
            var result = LinkCalls.Create(
                program, new() { Target = (uint)@event.Number, AttachType = (uint)AttachType.PerfEvent, EventCookie = cookie });
            return result >= 0
                ? Linked(program, @event, result, hook, rest)
                : cookie != 0 || result != -Errno.Invalid
                    ? throw AttachHints.Refused(result, hook, "link_create", cookie == 0 ? null : "cookies need Linux 5.15")
                    : ByEvent(program, @event, hook, rest);
        }
        catch
        {
            @event.Dispose();
            rest?.Dispose();
            throw;
        }
    }

    public static void TurnOn(IKernel kernel, BpfDescriptor @event, string hook)
    {
        var result = kernel.IoControl(@event.Number, Enable, 0);
        if (result < 0)
        {
            throw AttachHints.Refused(result, hook, "ioctl enable");
        }
    }

    private static KernelLink Linked(BpfProgram program, BpfDescriptor @event, long result, string hook, IDisposable? rest)
    {
        var descriptor = BpfDescriptor.Of(program.Kernel, result, hook);
        try
        {
            TurnOn(program.Kernel, @event, hook);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }

        // The kernel's link holds the event.
        @event.Dispose();
        return new(program.Kernel, descriptor, program, hook, rest);
    }

    private static EventLink ByEvent(BpfProgram program, BpfDescriptor @event, string hook, IDisposable? rest)
    {
        var result = program.Kernel.IoControl(@event.Number, SetProgram, program.Descriptor.Number);
        GC.KeepAlive(program);
        if (result < 0)
        {
            throw AttachHints.Refused(result, hook, "ioctl set_bpf");
        }

        TurnOn(program.Kernel, @event, hook);
        return new(program, @event, hook, rest);
    }

    private static string? Hint(long errno) => errno switch
    {
        Errno.Permission or Errno.Access =>
            "it needs CAP_PERFMON (CAP_SYS_ADMIN before Linux 5.8), or /proc/sys/kernel/perf_event_paranoid allows it to nobody "
            + "else; a kernel that is locked down refuses it to everybody",
        Errno.NoEntry or Errno.Invalid => "there is no such event in this kernel",
        _ => null,
    };
}

/// <summary><c>struct perf_event_attr</c>, as Linux 4.17 has it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PerfEventAttributes
{
    public uint Type;
    public uint Size;
    public ulong Config;

    /// <summary>Or the frequency, with <see cref="ByFrequency"/>.</summary>
    public ulong Period;
    public ulong SampleType;
    public ulong ReadFormat;
    public ulong Flags;

    /// <summary>Events, or bytes with <see cref="ByBytes"/>.</summary>
    public uint Wakeup;
    public uint BreakpointType;
    public ulong Config1;
    public ulong Config2;
    public ulong BranchSampleType;
    public ulong UserRegisters;
    public uint UserStack;
    public int Clock;
    public ulong InterruptRegisters;
    public uint AuxiliaryWatermark;
    public ushort MaxStack;
    public ushort Unused;

    public const ulong Raw = 1 << 10;
    public const ulong ByFrequency = 1 << 10;
    public const ulong ByBytes = 1 << 14;
}
