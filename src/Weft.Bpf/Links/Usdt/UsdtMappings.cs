using System.Globalization;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Where a process has the code of a file in its memory.</summary>
internal sealed class UsdtMappings
{
    private readonly List<(ulong Start, ulong End, ulong Offset)> _parts = [];
    private readonly string _where;

    private UsdtMappings(string where) => _where = where;

    /// <summary>Reads them.</summary>
    /// <param name="process">The process.</param>
    /// <exception cref="KernelException">There is no such process.</exception>
    public static UsdtMappings Read(IKernel kernel, FileBytes file, int process, string hook)
    {
        var text = kernel.ReadFile($"/proc/{process}/maps")
            ?? throw AttachHints.Refused(-Errno.NoProcess, hook, $"/proc/{process}/maps", "there is no such process, or it is another user's");
        var name = Name(kernel, file, process);
        var mappings = new UsdtMappings($"process {process} has no code of {name} at");
        foreach (var line in Encoding.UTF8.GetString(text).AsSpan().EnumerateLines())
        {
            mappings.Add(line, name);
        }

        return mappings;
    }

    /// <summary>Where a place of the file is in memory.</summary>
    /// <exception cref="BpfNotSupportedException">The process has not loaded it.</exception>
    public ulong AddressOf(ulong offset)
    {
        foreach (var (start, end, from) in _parts)
        {
            if (offset >= from && offset - from < end - start)
            {
                return start + (offset - from);
            }
        }

        throw new BpfNotSupportedException($"{_where} 0x{offset:x}: has it loaded the file, and is it called so there?");
    }

    // "start-end rights offset device inode     path"
    private void Add(ReadOnlySpan<char> line, string name)
    {
        Span<Range> fields = stackalloc Range[6];
        if (line.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) == 6
            && line[fields[5]].SequenceEqual(name) && line[fields[1]] is [_, _, 'x', ..]
            && line[fields[0]] is var range && range.IndexOf('-') is var dash and > 0
            && Hex(range[..dash], out var start) && Hex(range[(dash + 1)..], out var end) && Hex(line[fields[2]], out var offset))
        {
            _parts.Add((start, end, offset));
        }
    }

    // Links on the way are followed, as the kernel did. In a container its root is not seen by the process.
    private static string Name(IKernel kernel, FileBytes file, int process)
    {
        var root = $"/proc/{process}/root/";
        if (file.Name.StartsWith(root, StringComparison.Ordinal))
        {
            return file.Name[(root.Length - 1)..];
        }

        var target = new byte[4096];
        var count = kernel.ReadLink($"/proc/self/fd/{file.Descriptor.Number}", target);
        return count > 0 ? Encoding.UTF8.GetString(target, 0, (int)count) : file.Name;
    }

    private static bool Hex(ReadOnlySpan<char> text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
}
