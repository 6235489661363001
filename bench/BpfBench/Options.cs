using System.Globalization;
using Weft.Bpf;

namespace Weft.BpfBench;

/// <summary>What is measured, as <c>ebpfpeer</c> and <c>libbpfpeer</c> take it: <c>-size 128 -rounds 5</c>.</summary>
internal sealed record Options
{
    private readonly Dictionary<string, string> _given = [];

    public string Bench { get; private init; } = "";

    /// <summary>What stands without a name.</summary>
    public string File { get; private init; } = "";

    public int Rounds => Number("rounds", 5);

    /// <summary>Bytes of a record.</summary>
    public int Size => Number("size", 128);

    /// <summary>Records of a round; 0 for as many as fit.</summary>
    public int Records => Number("records", 0);

    public int RingMebibytes => Number("ring", 64);

    public int Operations => Number("ops", 200_000);

    /// <summary>What loads objects.</summary>
    public BpfBackend Backend => _given.TryGetValue("backend", out var name) ? Enum.Parse<BpfBackend>(name, ignoreCase: true) : default;

    public static Options Of(string[] arguments)
    {
        var file = arguments.Skip(1).FirstOrDefault(a => a.EndsWith(".o", StringComparison.Ordinal)) ?? "";
        var result = new Options { Bench = arguments.FirstOrDefault() ?? "", File = file };
        for (var i = 1; i < arguments.Length; i++)
        {
            var name = arguments[i].TrimStart('-').Split('=');
            if (name.Length == 2)
            {
                result._given[name[0]] = name[1];
            }
            else if (arguments[i][0] == '-' && i + 1 < arguments.Length)
            {
                result._given[name[0]] = arguments[i + 1];
            }
        }

        return result;
    }

    private int Number(string name, int otherwise) =>
        _given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
