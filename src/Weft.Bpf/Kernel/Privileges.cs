using System.Globalization;
using System.Text;

namespace Weft.Bpf.Kernel;

/// <summary>What this process may ask of a kernel, for errors: <c>EPERM</c> alone tells nothing.</summary>
internal static class Privileges
{
    private const int SystemAdministration = 21;
    private const int PerformanceMonitoring = 38;
    private const int Bpf = 39;

    /// <summary>Whether the process has all that loading programs of any type needs; null where the kernel does not tell.</summary>
    public static bool? IsPrivileged(IKernel kernel) => Capabilities(kernel) is { } mask
        ? Has(mask, SystemAdministration) || (Has(mask, Bpf) && Has(mask, PerformanceMonitoring))
        : null;

    /// <summary>Why the kernel may have answered <c>EPERM</c>, from what it tells of itself.</summary>
    public static string WhyRefused(IKernel kernel)
    {
        var mask = Capabilities(kernel);
        if (mask is { } known && !Has(known, SystemAdministration) && !Has(known, Bpf))
        {
            return "the process has neither CAP_BPF nor CAP_SYS_ADMIN";
        }

        var reasons = new List<string>();
        if (mask is { } some && !Has(some, SystemAdministration) && !Has(some, PerformanceMonitoring))
        {
            reasons.Add("it has no CAP_PERFMON");
        }

        if (LockedMemory.Counts(kernel))
        {
            reasons.Add("RLIMIT_MEMLOCK is too low and may not be raised (ulimit -l unlimited): before Linux 5.11 maps and programs count as locked memory");
        }

        if (Lockdown(kernel) is { } lockdown)
        {
            reasons.Add($"the kernel is locked down ({lockdown})");
        }

        reasons.Add("a security module, a seccomp filter or a user namespace may forbid it");
        return $"{(mask is null ? "" : "the process has CAP_BPF or CAP_SYS_ADMIN, but ")}{string.Join(", or ", reasons)}";
    }

    private static bool Has(ulong mask, int capability) => ((mask >> capability) & 1) != 0;

    private static ulong? Capabilities(IKernel kernel)
    {
        const string Field = "CapEff:";
        var text = kernel.ReadFile("/proc/thread-self/status") is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        var at = text.IndexOf(Field, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var rest = text.AsSpan(at + Field.Length).TrimStart();
        var end = rest.IndexOf('\n');
        return ulong.TryParse(end < 0 ? rest : rest[..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? mask : null;
    }

    // The file reads "none [integrity] confidentiality".
    private static string? Lockdown(IKernel kernel)
    {
        var text = kernel.ReadFile("/sys/kernel/security/lockdown") is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        var (from, to) = (text.IndexOf('['), text.IndexOf(']'));
        return from >= 0 && to > from && text[(from + 1)..to] is var mode && mode != "none" ? mode : null;
    }
}
