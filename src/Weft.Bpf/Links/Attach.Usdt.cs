using Weft.Bpf.Features;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Places that programs tell of themselves.</content>
public static partial class Attach
{
    /// <summary>
    /// Attaches to all places of a name that an executable or a library tells of itself (USDT, the section <c>.note.stapsdt</c>).
    /// Programs read the arguments there with <c>bpf/usdt.bpf.h</c> of libbpf. Linux 4.17; 4.20 for places with a counter of
    /// those that watch. Needs <c>CAP_BPF</c> and <c>CAP_PERFMON</c>.
    /// </summary>
    /// <remarks>
    /// One link where the kernel has them for many places (6.6 with the repairs of 6.10), which can be pinned; else a uprobe for
    /// each place. Before Linux 5.15 a library, or an executable that may lie anywhere, is watched in one process alone.
    /// </remarks>
    /// <param name="program">A program of type <see cref="ProgramType.Kprobe"/>, of the section <c>usdt</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="provider">Who tells of it, such as <c>libc</c>.</param>
    /// <param name="name">The name, such as <c>setjmp</c>.</param>
    /// <param name="process">The process; -1 for all.</param>
    /// <param name="cookie">What the program gets from <c>bpf_usdt_cookie</c>.</param>
    /// <exception cref="KernelException">The kernel refused it, or the file has no such place.</exception>
    /// <exception cref="BpfFormatException">The file is damaged, or has arguments that are not known.</exception>
    /// <exception cref="BpfNotSupportedException">This kernel, or the program's <c>usdt.bpf.h</c>, cannot do it.</exception>
    public static BpfLink Usdt(BpfProgram program, string path, string provider, string name, int process = -1, ulong cookie = 0)
    {
        var kernel = program.Kernel;
        var hook = $"usdt {path}:{provider}:{name}";
        using var file = FileBytes.Open(kernel, path, hook);
        var (places, isMovable) = UsdtPlace.Find(file, provider, name, hook);
        var hasCookies = KernelFeatures.Of(KernelFeature.Cookie, kernel).IsYes;
        var maps = UsdtMaps.Of(program, hasCookies);
        if (maps is null && cookie != 0)
        {
            throw new BpfNotSupportedException(
                $"attach {hook}: {program.Name} has no map {UsdtMaps.Specs} to take a cookie: it does not use bpf/usdt.bpf.h, or was not loaded here");
        }

        try
        {
            if (maps is not null && !hasCookies && isMovable)
            {
                places = InMemory(places, kernel, file, process, hook);
            }

            uint[] numbers = [.. places.Select(p => maps?.Add(p, cookie) ?? 0)];
            return program.AttachType == AttachType.TraceUprobeMulti
                ? UsdtByOne(program, path, places, numbers, process, hook, maps)
                : LinkGroup.Of(program, places, (p, i) => UserFunction(
                    program, new(path, null, p.Offset, p.Counter), process, false, hasCookies ? numbers[i] : 0), hook, maps);
        }
        catch
        {
            maps?.Dispose();
            throw;
        }
    }

    private static KernelLink UsdtByOne(
        BpfProgram program, string path, IReadOnlyList<UsdtPlace> places, uint[] numbers, int process, string hook, IDisposable? maps)
    {
        ulong[] counters = [.. places.Select(p => (ulong)p.Counter)];
        ulong[] cookies = [.. numbers.Select(n => (ulong)n)];
        var result = LinkCalls.Create(
            program, program.AttachType, path, [.. places.Select(p => p.Offset)], counters, cookies, Math.Max(process, 0), false);
        return result >= 0
            ? Link(program, result, hook, maps)
            : throw AttachHints.Refused(result, hook, "link_create", UprobeHint(-result));
    }

    private static List<UsdtPlace> InMemory(IReadOnlyList<UsdtPlace> places, IKernel kernel, FileBytes file, int process, string hook)
    {
        if (process <= 0)
        {
            throw new BpfNotSupportedException(
                $"attach {hook}: before Linux 5.15 a file that may lie anywhere in memory is watched in one process alone; name it");
        }

        var mappings = UsdtMappings.Read(kernel, file, process, hook);
        return [.. places.Select(p => p with { Address = mappings.AddressOf(p.Offset) })];
    }

    private static BpfLink Usdt(BpfProgram program, string target) =>
        target.LastIndexOf(':') is var last and > 0 && target.LastIndexOf(':', last - 1) is var middle and > 0
            ? Usdt(program, target[..middle], target[(middle + 1)..last], target[(last + 1)..])
            : throw Unknown(program, "a place of USDT is called path:provider:name");
}
