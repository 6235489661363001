using Weft.Bpf.Btf;
using Weft.Bpf.Build.Text;
using Weft.Bpf.Build.Types;

namespace Weft.Bpf.Build.Parts;

/// <summary>Writes the members of maps.</summary>
internal sealed class MapText(ObjectSpec spec, TypeBinder types, RecordChoice records, CodeText text)
{
    /// <summary>The maps that were declared as such, not sections of data.</summary>
    private IEnumerable<MapSpec> Maps => spec.Maps.Values.Where(m => !m.Name.StartsWith('.'));

    public void Specs()
    {
        var scope = new NameScope(["MapSpecs"]);
        foreach (var map in Maps)
        {
            text.Summary($"{map.Name}: {map.Type}");
            text.Line($"public global::Weft.Bpf.MapSpec {scope.Take(map.Name)} => spec.Untyped.Maps[{CSharpName.Literal(map.Name)}];");
        }
    }

    public void Live()
    {
        var scope = new NameScope(["LoadedMaps"]);
        foreach (var map in Maps)
        {
            var name = CSharpName.Literal(map.Name);
            text.Summary(Declaration(map));
            if (map.Type == MapType.PerfEventArray)
            {
                text.Line("/// <param name=\"settings\">How; null for the defaults.</param>");
                text.Line("/// <returns>A reader, to be disposed of before the object." + Views(map) + "</returns>");
                text.Line($"public global::Weft.Bpf.PerfBufferReader {scope.TakeExact("Open" + CSharpName.Pascal(map.Name))}(global::Weft.Bpf.PerfBufferSettings? settings = null) =>");
                text.Line($"    new(loaded.Map({name}), settings);");
                continue;
            }

            var type = Typed(map);
            text.Line(type is null
                ? $"public global::Weft.Bpf.BpfMap {scope.Take(map.Name)} => loaded.Map({name});"
                : $"public {type} {scope.Take(map.Name)} => loaded.Once({name}, static map => new {type}(map));");
        }
    }

    private string Views(MapSpec map) => records.Of(map.Name) is var id and not 0 && types.View(id) is { } view
        ? $" Its records are seen by <see cref=\"{view}\"/>."
        : "";

    private string? Typed(MapSpec map) => map.Type switch
    {
        MapType.RingBuffer when records.Of(map.Name) is var id and not 0 && types.View(id) is { } view =>
            $"global::Weft.Bpf.Bindings.RingBufferReader<{view}>",
        MapType.RingBuffer => "global::Weft.Bpf.RingBufferReader",
        MapType.Queue or MapType.Stack or MapType.BloomFilter => Value(map) is { } value ? $"global::Weft.Bpf.MapQueue<{value}>" : null,
        MapType.PerCpuHash or MapType.PerCpuArray or MapType.LruPerCpuHash => Pair("global::Weft.Bpf.PerCpuMap", map),
        MapType.Hash or MapType.LruHash or MapType.Array or MapType.LpmTrie or MapType.SocketStorage or MapType.TaskStorage
            or MapType.InodeStorage or MapType.CgroupLocalStorage => Pair("global::Weft.Bpf.Map", map),
        _ => null,
    };

    private string? Pair(string type, MapSpec map) => Part(map.KeyType, map.KeySize) is { } key && Value(map) is { } value
        ? $"{type}<{key}, {value}>"
        : null;

    private string? Value(MapSpec map) => Part(map.ValueType, map.ValueSize);

    // Where only a size is told, a number of it.
    private string? Part(uint type, uint size) =>
        type == 0 ? size <= 8 ? Numbers.Of(size, isSigned: false) : null : types.Types.SizeOf(type) == size ? types.Name(type) : null;

    private string Declaration(MapSpec map)
    {
        var (key, value) = (C(map.KeyType, map.KeySize), C(map.ValueType, map.ValueSize));
        return $"{map.Name}: {map.Type}" + (key.Length > 0 ? $" of {key} to {value}" : value.Length > 0 ? $" of {value}" : "");
    }

    private string C(uint type, uint size) =>
        type != 0 && types.Types is BtfSpec all ? CText.Of(all, type, "").TrimEnd() : size > 0 ? $"{size} bytes" : "";
}
