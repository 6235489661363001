using System.Globalization;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Loading;

/// <summary>Addresses of the kernel's symbols, of <c>/proc/kallsyms</c>. Without <c>CAP_SYSLOG</c> all of them are 0.</summary>
internal static class KernelSymbols
{
    /// <summary>The addresses of some symbols; those that the kernel does not have are missing.</summary>
    /// <exception cref="BpfFormatException">One name has several addresses.</exception>
    public static Dictionary<string, ulong> Find(IKernel kernel, IReadOnlyCollection<string> names)
    {
        var found = new Dictionary<string, ulong>();
        if (names.Count == 0)
        {
            return found;
        }

        var wanted = names.ToDictionary(n => n).GetAlternateLookup<ReadOnlySpan<char>>();
        var text = Encoding.UTF8.GetString(kernel.ReadFile("/proc/kallsyms") ?? []);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            // "ffffffff81000000 T _text", and a module's name behind a tab.
            var end = line.IndexOf(' ');
            if (end <= 0 || line.Length < end + 4)
            {
                continue;
            }

            var rest = line[(end + 3)..];
            var name = rest.IndexOf('\t') is var tab and >= 0 ? rest[..tab] : rest;
            if (wanted.TryGetValue(name, out var symbol)
                && ulong.TryParse(line[..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var address)
                && !found.TryAdd(symbol, address) && found[symbol] != address)
            {
                throw new BpfFormatException($"the kernel has several symbols {symbol}, and which is meant cannot be told");
            }
        }

        return found;
    }
}
