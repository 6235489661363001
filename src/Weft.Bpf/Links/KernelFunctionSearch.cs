using System.Buffers.Text;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>The functions of the kernel's that may be traced and match a pattern.</summary>
internal static class KernelFunctionSearch
{
    /// <summary>Where they begin, by tracefs alone (Linux 6.5) or with the help of <c>/proc/kallsyms</c>.</summary>
    /// <exception cref="KernelException">There is none, or it is not told.</exception>
    public static ulong[] Addresses(IKernel kernel, NamePattern pattern, string hook)
    {
        var found = new SortedSet<ulong>();
        if (Tracefs.Read(kernel, "available_filter_functions_addrs") is { } lines)
        {
            Lines(lines, (address, rest) => Add(found, address, pattern.Matches(Word(rest))));
        }
        else
        {
            // A letter for its kind stands before the name.
            var names = Names(kernel, pattern, hook);
            Lines(kernel.ReadFile("/proc/kallsyms") ?? [], (address, rest) => Add(
                found, address, rest.Length > 2 && pattern.Matches(Word(rest[2..])) && names.Contains(Encoding.UTF8.GetString(Word(rest[2..])))));
        }

        return found.Count > 0 && found.Min != 0
            ? [.. found]
            : throw AttachHints.Refused(-Errno.NoEntry, hook, "functions", found.Count == 0
                ? NoneMatches(pattern)
                : "the kernel does not tell where its functions are: it needs CAP_SYSLOG, see /proc/sys/kernel/kptr_restrict");
    }

    /// <summary>Their names.</summary>
    /// <inheritdoc cref="Addresses"/>
    public static IReadOnlySet<string> Names(IKernel kernel, NamePattern pattern, string hook)
    {
        var text = Tracefs.Read(kernel, "available_filter_functions")
            ?? throw AttachHints.Refused(
                -Errno.NoEntry, hook, "available_filter_functions",
                Tracefs.Root(kernel) is null ? Tracefs.NotMounted : "this kernel was built without CONFIG_DYNAMIC_FTRACE");
        var names = new HashSet<string>();
        foreach (var range in text.AsSpan().Split((byte)'\n'))
        {
            var name = Word(text.AsSpan(range));
            if (name.Length > 0 && pattern.Matches(name))
            {
                names.Add(Encoding.UTF8.GetString(name));
            }
        }

        return names.Count > 0 ? names : throw AttachHints.Refused(-Errno.NoEntry, hook, "functions", NoneMatches(pattern));
    }

    private static string NoneMatches(NamePattern pattern) =>
        $"no function of this kernel that may be traced matches {pattern} (see available_filter_functions in /sys/kernel/tracing)";

    private static void Add(SortedSet<ulong> found, ulong address, bool isWanted)
    {
        if (isWanted)
        {
            found.Add(address);
        }
    }

    /// <summary>Lines that begin with an address; the action gets what is behind it.</summary>
    private static void Lines(byte[] text, LineAction action)
    {
        foreach (var range in text.AsSpan().Split((byte)'\n'))
        {
            var line = text.AsSpan(range);
            if (Utf8Parser.TryParse(line, out ulong address, out var count, 'x') && count + 1 < line.Length)
            {
                action(address, line[(count + 1)..]);
            }
        }
    }

    // Behind the name there may be the module's.
    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text) =>
        text.IndexOfAny((byte)' ', (byte)'\t') is var end and >= 0 ? text[..end] : text;

    private delegate void LineAction(ulong address, ReadOnlySpan<byte> rest);
}
