using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A place in an executable or a library.</summary>
/// <param name="Path">The file.</param>
/// <param name="Symbol">
/// A function in its symbols; null for the beginning of the file. Of one that is chosen when the program starts (IFUNC), as
/// some of libc are, it is the function that chooses.
/// </param>
/// <param name="Offset">Bytes from there.</param>
/// <param name="Counter">
/// Where in the file the counter lies that says how many watch the place, for USDT; 0 for none. Linux 4.20.
/// </param>
public sealed record UserPlace(string Path, string? Symbol = null, ulong Offset = 0, uint Counter = 0)
{
    /// <summary>As sections of objects have it: <c>/bin/sh:main+0x10</c>, <c>/bin/sh:0x4710</c>.</summary>
    /// <exception cref="BpfFormatException">It is neither.</exception>
    public static UserPlace Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || colon == text.Length - 1)
        {
            throw new BpfFormatException($"'{text}' is no place in a file: path:function, path:function+offset or path:offset");
        }

        var (path, place) = (text[..colon], text[(colon + 1)..]);
        if (char.IsAsciiDigit(place[0]))
        {
            return new(path, null, Number(place));
        }

        var (symbol, offset) = SplitOffset(place);
        return new(path, symbol, offset);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Symbol is null ? $"{Path}:0x{Offset:x}" : Offset == 0 ? $"{Path}:{Symbol}" : $"{Path}:{Symbol}+0x{Offset:x}";

    /// <summary>A function and the offset in it: <c>name+0x10</c>.</summary>
    internal static (string Name, ulong Offset) SplitOffset(string text)
    {
        var plus = text.LastIndexOf('+');
        return plus <= 0 ? (text, 0) : (text[..plus], Number(text[(plus + 1)..]));
    }

    /// <summary>Where it is in the file, in bytes.</summary>
    internal ulong FindOffset(IKernel kernel, string hook)
    {
        if (Symbol is null)
        {
            return Offset;
        }

        using var file = FileBytes.Open(kernel, Path, hook);
        var found = new SymbolSearch(file, Symbol).Find();
        return found is { } at
            ? at + Offset
            : throw AttachHints.Refused(
                -Errno.NoEntry, hook, "symbol", $"neither .symtab nor .dynsym of {Path} has a function {Symbol}; is it stripped? "
                + "Then give the offset; .gnu_debugdata, which is compressed by xz, is not read");
    }

    private static ulong Number(string text)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var style = isHex ? System.Globalization.NumberStyles.AllowHexSpecifier : System.Globalization.NumberStyles.None;
        return ulong.TryParse(isHex ? text[2..] : text, style, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BpfFormatException($"'{text}' is no offset");
    }
}
