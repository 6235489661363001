using System.Globalization;

namespace Weft.Bpf.Loading;

/// <summary>
/// Says in words what the verifier only has a number for: an instruction that was made a call of nothing, because the kernel
/// lacks what it needs.
/// </summary>
internal sealed class LogExplainer(ExternResolver externs)
{
    private const string Unknown = "invalid func unknown#";
    private const int MissingField = 0xbad2310;

    public string Line(string line)
    {
        var start = line.IndexOf(Unknown, StringComparison.Ordinal);
        if (start < 0 || !int.TryParse(line.AsSpan(start + Unknown.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return line;
        }

        return number == MissingField
            ? "the program needs a field, type or value that this kernel does not have (CO-RE), and does not ask whether it exists"
            : externs.Missing(number) is { } name ? $"the program calls {name}, which this kernel does not have" : line;
    }
}
