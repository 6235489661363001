using System.Globalization;

namespace Weft.Bpf.Build.Text;

/// <summary>
/// Names that stand beside each other. Those that differ only in their case count as the same, since the library compares
/// fields with members so.
/// </summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _taken;

    // Where the numbers of a name that is taken often go on.
    private readonly Dictionary<string, int> _next = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="taken">Names that are not to be had, beside those that every class has.</param>
    public NameScope(IEnumerable<string> taken) =>
        _taken = new(
            ["Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize", .. taken],
            StringComparer.OrdinalIgnoreCase);

    /// <summary>The name as C# has it, with a number where it is taken.</summary>
    public string Take(string c) => TakeExact(CSharpName.Pascal(c));

    public string TakeExact(string wanted)
    {
        var name = wanted;
        while (!_taken.Add(name))
        {
            var number = _next.GetValueOrDefault(wanted, 2);
            _next[wanted] = number + 1;
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}{number}");
        }

        return name;
    }
}
