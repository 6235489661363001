using System.Globalization;

namespace Weft.Bpf.Kernel;

/// <summary>What <c>/proc/self/fdinfo</c> tells of a descriptor: lines such as <c>map_type:	2</c>.</summary>
/// <param name="text">The file; empty where it could not be read.</param>
internal readonly struct DescriptorText(string text)
{
    /// <summary>Whether there is such a field.</summary>
    public bool Has(string field) => Value(field) is not null;

    /// <summary>The number in a field; null where there is none.</summary>
    public long? Number(string field) =>
        long.TryParse(Value(field), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? Value(string field)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > field.Length && line[field.Length] == ':' && line.StartsWith(field, StringComparison.Ordinal))
            {
                return line[(field.Length + 1)..].Trim();
            }
        }

        return null;
    }
}
