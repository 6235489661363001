using Weft.Agent.Commands;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Agent.Trace;

/// <summary>What the records of an object's buffers are, which no field of an object says: by what is declared, then by conventions.</summary>
internal sealed class RecordTypes
{
    private static readonly RecordType None = new([]);

    private readonly Dictionary<string, RecordType> _types = [];

    private RecordTypes()
    {
    }

    /// <summary>Finds them, and takes value types of ring buffers away, which the kernel does not take.</summary>
    /// <param name="chosen">The structure that all records are; null to find out.</param>
    public static RecordTypes Of(ObjectSpec spec, string? chosen)
    {
        var found = new RecordTypes();
        if (spec.Types is { } types)
        {
            var only = chosen is null ? 0 : Named(types, chosen);
            if (chosen is not null && only == 0)
            {
                throw new CommandException($"--type {chosen}: the object has no such structure; only those that are used in it have types");
            }

            foreach (var map in spec.Maps.Values.Where(m => m.Type is MapType.RingBuffer or MapType.PerfEventArray))
            {
                uint[] ids = only != 0 ? [only] : [.. Candidates(types, map).Where(id => id != 0).Distinct()];
                found._types[map.Name] = new([.. ids.Select(id => new RecordShape(id, BtfText.Name(types, id), types.SizeOf(id)))]);
                Clear(map);
            }
        }

        return found;
    }

    public RecordType Of(string map) => _types.GetValueOrDefault(map, None);

    private static IEnumerable<uint> Candidates(BtfSpec types, MapSpec map)
    {
        // A perf buffer's value is the number of a file, whatever it is declared as; a structure is meant for readers.
        if (map.ValueType != 0 && types.KindOf(types.Skip(map.ValueType)) is BtfKind.Struct or BtfKind.Union)
        {
            return [map.ValueType];
        }

        return
        [
            Named(types, map.Name),
            map.Name.EndsWith('s') ? Named(types, map.Name[..^1]) : 0,
            .. Exported(types),
            Named(types, "event"),
        ];
    }

    private static uint Named(BtfSpec types, string name)
    {
        name = name.StartsWith("struct ", StringComparison.Ordinal) ? name[7..] : name;
        if (types.FindId(name, BtfKind.Struct) is var id and not 0)
        {
            return id;
        }

        id = types.FindId(name, BtfKind.Typedef);
        return id != 0 && types.KindOf(types.Skip(id)) is BtfKind.Struct or BtfKind.Union ? id : 0;
    }

    // const struct event *unused __attribute__((unused)): nothing but a reason for the compiler to write the type down.
    private static IEnumerable<uint> Exported(BtfSpec types)
    {
        for (var id = types.FirstId; id < types.EndId; id++)
        {
            if (types.KindOf(id) == BtfKind.Variable
                && types.Get(id) is BtfVariable variable && variable.Name.Contains("unused", StringComparison.Ordinal)
                && types.Get(types.Skip(variable.Type)) is BtfReference { Kind: BtfKind.Pointer, Target: var target }
                && types.KindOf(types.Skip(target)) is BtfKind.Struct or BtfKind.Union)
            {
                yield return types.Skip(target);
            }
        }
    }

    // libbpf, which may load it, tells the kernel of the types, which refuses them.
    private static void Clear(MapSpec map)
    {
        if (map.Type == MapType.RingBuffer)
        {
            (map.KeySize, map.ValueSize, map.KeyType, map.ValueType) = (0, 0, 0, 0);
        }
        else
        {
            (map.KeySize, map.ValueSize, map.KeyType, map.ValueType) = (4, 4, 0, 0);
        }
    }
}
