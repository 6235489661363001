using Weft.Bpf.Kernel;

namespace Weft.Bpf;

public static partial class Attach
{
    /// <summary>
    /// Attaches to a tracepoint: its program gets the record that <c>events/…/format</c> in tracefs describes. Linux 4.7;
    /// needs tracefs, <c>CAP_BPF</c> and <c>CAP_PERFMON</c>. A tracepoint of one system call makes all of them slower: others
    /// are cheaper.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.Tracepoint"/>.</param>
    /// <param name="group">The group, such as <c>syscalls</c>.</param>
    /// <param name="name">The name, such as <c>sys_enter_openat</c>.</param>
    /// <param name="cookie">What the program gets from <c>bpf_get_attach_cookie</c>. Linux 5.15 where it is not 0.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink Tracepoint(BpfProgram program, string group, string name, ulong cookie = 0)
    {
        var hook = $"tracepoint {group}/{name}";
        var id = Tracefs.EventId(program.Kernel, group, name, hook);
        return PerfEvents.Attach(program, OpenTracepoint(program.Kernel, id, hook), cookie, hook);
    }

    /// <summary>Attaches to the beginning of a function of the kernel's, or to a place in it.</summary>
    /// <remarks>
    /// By the kernel's source of events (Linux 4.17), otherwise by a line in <c>kprobe_events</c>, which stays behind where
    /// the process is killed. Needs <c>CAP_BPF</c> and <c>CAP_PERFMON</c>.
    /// </remarks>
    /// <param name="program">A program of type <see cref="ProgramType.Kprobe"/>.</param>
    /// <param name="function">The function, as <c>/proc/kallsyms</c> has it.</param>
    /// <param name="offset">Bytes from its beginning.</param>
    /// <param name="cookie">What the program gets from <c>bpf_get_attach_cookie</c>. Linux 5.15 where it is not 0.</param>
    /// <exception cref="KernelException">The kernel refused it, or has no kprobes.</exception>
    public static BpfLink Kprobe(BpfProgram program, string function, ulong offset = 0, ulong cookie = 0) =>
        KernelFunction(program, function, offset, false, cookie);

    /// <summary>Attaches to the return of a function of the kernel's.</summary>
    /// <inheritdoc cref="Kprobe" path="/remarks|/exception|/param"/>
    public static BpfLink Kretprobe(BpfProgram program, string function, ulong cookie = 0) =>
        KernelFunction(program, function, 0, true, cookie);

    /// <summary>Attaches to a function of a program or library, in one process or in all, those of the future too.</summary>
    /// <remarks>Linux 4.17. Needs <c>CAP_BPF</c> and <c>CAP_PERFMON</c>.</remarks>
    /// <param name="program">A program of type <see cref="ProgramType.Kprobe"/>.</param>
    /// <param name="place">The place.</param>
    /// <param name="process">The process; -1 for all.</param>
    /// <param name="cookie">What the program gets from <c>bpf_get_attach_cookie</c>. Linux 5.15 where it is not 0.</param>
    /// <exception cref="KernelException">The kernel refused it, or has no uprobes.</exception>
    public static BpfLink Uprobe(BpfProgram program, UserPlace place, int process = -1, ulong cookie = 0) =>
        UserFunction(program, place, process, false, cookie);

    /// <summary>Attaches to the return of a function of a program or library.</summary>
    /// <inheritdoc cref="Uprobe" path="/remarks|/exception|/param"/>
    public static BpfLink Uretprobe(BpfProgram program, UserPlace place, int process = -1, ulong cookie = 0) =>
        UserFunction(program, place, process, true, cookie);

    /// <summary>Runs a program so many times in each second in which a processor works, to see at what. Linux 4.9.</summary>
    /// <param name="program">A program of type <see cref="ProgramType.PerfEvent"/>.</param>
    /// <param name="cpu">The processor.</param>
    /// <param name="frequency">Times in a second.</param>
    /// <param name="cookie">What the program gets from <c>bpf_get_attach_cookie</c>. Linux 5.15 where it is not 0.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink CpuClock(BpfProgram program, int cpu, uint frequency, ulong cookie = 0)
    {
        var hook = $"cpu clock of processor {cpu}";
        var attributes = new PerfEventAttributes
        {
            Type = PerfEvents.Software,
            Period = frequency,
            Flags = PerfEventAttributes.ByFrequency,
        };
        return PerfEvents.Attach(program, PerfEvents.Open(program.Kernel, attributes, -1, cpu, hook), cookie, hook);
    }

    private static BpfDescriptor OpenTracepoint(IKernel kernel, ulong id, string hook)
    {
        var attributes = new PerfEventAttributes
        {
            Type = PerfEvents.Tracepoint,
            Config = id,
            Period = 1,
            SampleType = PerfEventAttributes.Raw,
            Wakeup = 1,
        };
        return PerfEvents.Open(kernel, attributes, -1, 0, hook);
    }

    private static BpfLink KernelFunction(BpfProgram program, string function, ulong offset, bool isReturn, ulong cookie)
    {
        var place = offset == 0 ? function : $"{function}+0x{offset:x}";
        var hook = $"{(isReturn ? "kretprobe" : "kprobe")} {place}";
        if (EventSource.Find(program.Kernel, "kprobe") is { } source)
        {
            return PerfEvents.Attach(
                program, OpenProbe(program.Kernel, source, function, offset, isReturn, -1, 0, hook, Tracefs.KprobeHint), cookie, hook);
        }

        var probe = Tracefs.AddKprobe(program.Kernel, place, isReturn, hook);
        BpfDescriptor opened;
        try
        {
            opened = OpenTracepoint(program.Kernel, Tracefs.EventId(program.Kernel, probe.Group, probe.Event, hook), hook);
        }
        catch
        {
            probe.Dispose();
            throw;
        }

        return PerfEvents.Attach(program, opened, cookie, hook, probe);
    }

    private static BpfLink UserFunction(BpfProgram program, UserPlace place, int process, bool isReturn, ulong cookie)
    {
        var hook = $"{(isReturn ? "uretprobe" : "uprobe")} {place}";
        var source = EventSource.Find(program.Kernel, "uprobe")
            ?? throw AttachHints.Refused(
                -Errno.NoEntry, hook, "event source", "this kernel has no /sys/bus/event_source/devices/uprobe (Linux 4.17)");
        if (place.Counter != 0 && source.CounterBit < 0)
        {
            throw AttachHints.Refused(-Errno.Invalid, hook, "event source", "reference counters need Linux 4.20");
        }

        var offset = place.FindOffset(program.Kernel, hook);
        return PerfEvents.Attach(
            program,
            OpenProbe(program.Kernel, source, place.Path, offset, isReturn, process, place.Counter, hook, UprobeHint),
            cookie,
            hook);
    }

    private static unsafe BpfDescriptor OpenProbe(
        IKernel kernel, EventSource source, string name, ulong offset, bool isReturn, int process, uint counter, string hook,
        Func<long, string?> hint)
    {
        fixed (byte* text = LinkCalls.Text(name))
        {
            var attributes = new PerfEventAttributes
            {
                Type = source.Type,
                Config = (isReturn ? 1ul << source.ReturnBit : 0) | (counter == 0 ? 0 : (ulong)counter << source.CounterBit),
                Config1 = (ulong)text,
                Config2 = offset,
            };
            return PerfEvents.Open(kernel, attributes, process, process == -1 ? 0 : -1, hook, hint);
        }
    }

    private static string? UprobeHint(long errno) => errno switch
    {
        Errno.NoEntry => "there is no such file",
        Errno.Invalid => "the offset is outside of the file, in the middle of an instruction, or nothing executes there",
        Errno.KernelNotSupported => "ENOTSUPP: the instruction there cannot be probed",
        _ => null,
    };
}
