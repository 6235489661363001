using Weft.Bpf.Btf;

namespace Weft.Bpf.Build.Parts;

/// <summary>
/// What the records of buffers are, which no field of an object says: what the settings say, the map's value type, a tag of it
/// (<c>record:event</c>), the structure that is called like the map, the only one that is exported (<c>struct event *unused</c>),
/// or <c>struct event</c>.
/// </summary>
internal sealed class RecordChoice
{
    private const string Tag = "record:";

    private readonly Dictionary<string, uint> _records = [];

    private RecordChoice()
    {
    }

    /// <summary>Structures that have views, also those of no buffer alone: of several, programs of user space choose themselves.</summary>
    public List<uint> Exported { get; private init; } = [];

    public static RecordChoice Of(ObjectSpec spec, IReadOnlyDictionary<string, string> chosen)
    {
        var buffers = spec.Maps.Values.Where(m => m.Type is MapType.RingBuffer or MapType.PerfEventArray).ToList();
        if (chosen.Keys.FirstOrDefault(name => buffers.All(b => b.Name != name)) is { } unknown)
        {
            throw new BpfFormatException($"Events: the object has no ring or perf buffer {unknown}, but {string.Join(", ", buffers.Select(b => b.Name))}");
        }

        if (spec.Types is not { } types)
        {
            return new();
        }

        var (exported, tags) = (new List<uint>(), new Dictionary<string, string>());
        for (var id = types.FirstId; id < types.EndId; id++)
        {
            Look(types, id, exported, tags);
        }

        var result = new RecordChoice { Exported = [.. exported.Distinct()] };
        foreach (var map in buffers)
        {
            var name = chosen.GetValueOrDefault(map.Name) ?? tags.GetValueOrDefault(map.Name);
            result._records[map.Name] = name is null ? result.Guess(types, map) : Required(types, map.Name, name);
        }

        return result;
    }

    /// <summary>The structure that records of a map are; 0 where it is not known.</summary>
    public uint Of(string map) => _records.GetValueOrDefault(map);

    /// <summary>A structure, union or enumeration by its name in C; 0 where there is none.</summary>
    public static uint Named(BtfSpec types, string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        BtfKind[] kinds = words switch
        {
            ["struct", _] => [BtfKind.Struct],
            ["union", _] => [BtfKind.Union],
            ["enum", _] => [BtfKind.Enum, BtfKind.Enum64],
            _ => [BtfKind.Struct, BtfKind.Typedef, BtfKind.Union, BtfKind.Enum, BtfKind.Enum64],
        };
        return words.Length == 0 ? 0 : kinds.Select(kind => types.FindId(words[^1], kind)).FirstOrDefault(id => id != 0);
    }

    private static uint Required(BtfSpec types, string map, string name) => Named(types, name) is var id and not 0 && IsRecord(types, id)
        ? id
        : throw new BpfFormatException($"records of {map}: the object has no structure '{name}'; only those that are used in it have types");

    private static bool IsRecord(BtfSpec types, uint id) => id != 0 && types.Get(types.Skip(id)) is BtfComposite;

    private uint Guess(BtfSpec types, MapSpec map)
    {
        uint[] candidates =
        [
            map.ValueType,
            Named(types, map.Name),
            map.Name.EndsWith('s') ? Named(types, map.Name[..^1]) : 0,
            Exported.Count == 1 ? Exported[0] : 0,
            Exported.Count == 0 ? Named(types, "event") : 0,
        ];
        return candidates.FirstOrDefault(id => IsRecord(types, id));
    }

    private static void Look(BtfSpec types, uint id, List<uint> exported, Dictionary<string, string> tags)
    {
        if (types.KindOf(id) is not (BtfKind.Variable or BtfKind.DeclarationTag))
        {
            return;
        }

        switch (types.Get(id))
        {
            case BtfVariable variable when Pointed(types, variable) is var target && IsRecord(types, target):
                exported.Add(types.Skip(target));
                break;
            case BtfDeclarationTag tag when tag.Name.StartsWith(Tag, StringComparison.Ordinal) && types.Get(tag.Target) is BtfVariable map:
                tags[map.Name] = tag.Name[Tag.Length..];
                break;
        }
    }

    /// <summary>What a variable that is nothing but a reason to write a type down points to; 0 for others.</summary>
    public static uint Pointed(BtfSpec types, BtfVariable variable) =>
        variable.Name.Contains("unused", StringComparison.Ordinal)
        && types.Get(types.Skip(variable.Type)) is BtfReference { Kind: BtfKind.Pointer, Target: var target }
            ? target
            : 0;
}
