using System.Buffers;
using System.Text.Json;
using Weft.Agent.Text;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Agent.Inspect;

/// <summary>Looks at an object, without a kernel. What it tells of a hostile one has an end: a type may be named by a thousand maps.</summary>
internal sealed class ObjectViews
{
    private const int LargestValue = 4096;

    // Characters, and instructions.
    private const int Most = 64 << 20;

    private const int FailureCost = 1 << 16;

    private int _left = Most;

    private ObjectViews()
    {
    }

    /// <exception cref="BpfFormatException">Its types are damaged, or there is too much to tell.</exception>
    public static ObjectView Of(ObjectSpec spec) => new ObjectViews().View(spec);

    private ObjectView View(ObjectSpec spec) => new(
        spec.Name, spec.License, spec.IsBigEndian ? "big" : "little", spec.KernelVersion, spec.Types?.Count ?? 0,
        [.. spec.Programs.Values.Select(p => Program(spec, p))],
        [.. spec.Maps.Values.Select(Map)],
        [.. spec.Variables.Values.Select(v => Variable(spec, v))],
        [.. spec.Needs.Select(n => Need(spec, n))]);

    private ProgramView Program(ObjectSpec spec, ProgramSpec program)
    {
        var (outline, error) = Outline(spec, program);
        return new(
            program.Name, program.Section, Names.Of(program.Type), Names.AttachTypeOf(program), program.Target,
            outline.Instructions, outline.Relocations, program.Loads, [.. outline.Maps], error);
    }

    private (ProgramOutline Outline, string? Error) Outline(ObjectSpec spec, ProgramSpec program)
    {
        try
        {
            var outline = spec.Outline(program);
            Spend(outline.Instructions);
            return (outline, null);
        }
        catch (BpfFormatException e) when (_left >= 0)
        {
            // How far it came is not known.
            Spend(FailureCost);
            return (new(0, 0, [], []), e.Message);
        }
    }

    private MapView Map(MapSpec map) => new(
        map.Name, Names.Of(map.Type), map.KeySize, map.ValueSize, map.MaxEntries, map.Flags, [.. Names.OfFlags(map.Flags)],
        map.PinByName, TypeName(map.Types, map.KeyType), TypeName(map.Types, map.ValueType), map.Contents.Count,
        map.Inner is null ? null : Map(map.Inner))
    {
        Declarations = [.. new[] { map.KeyType, map.ValueType }.Distinct().Select(t => Declaration(map.Types, t)).OfType<string>()],
    };

    // The variables of a section of data are listed as such.
    private string? TypeName(BtfSpec? types, uint type) =>
        types is null || type == 0 || types.KindOf(type) == BtfKind.DataSection ? null : Spend(BtfText.Name(types, type));

    private string? Declaration(BtfSpec? types, uint type)
    {
        if (types is null || type == 0)
        {
            return null;
        }

        var real = types.Skip(type);
        return types.KindOf(real) is BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 && types.NameOf(real).Length > 0
            ? Spend(BtfText.Declaration(types, real))
            : null;
    }

    private VariableView Variable(ObjectSpec spec, VariableSpec variable) => new(
        variable.Name,
        spec.Types is null || variable.Type == 0 ? null : Spend(BtfText.Name(spec.Types, variable.Type, variable.Name)),
        variable.Map, variable.Offset, variable.Size, Value(spec.Types, variable));

    private JsonElement? Value(BtfSpec? types, VariableSpec variable)
    {
        if (types is null || variable.Type == 0 || variable.Size > LargestValue)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            BtfJson.Write(writer, types, variable.Type, variable.Bytes);
        }

        Spend(buffer.WrittenCount);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private NeedView Need(ObjectSpec spec, KernelNeed need) =>
        new(need.Name, Names.Of(need.Kind), need.IsOptional, NeedType(spec, need) is { } type ? Spend(type) : null);

    private static string? NeedType(ObjectSpec spec, KernelNeed need) => spec.Types is not { } types || need.Type == 0
        ? null
        : types.Get(need.Type) switch
        {
            BtfFunction function => BtfText.Name(types, function.Prototype, need.Name),
            BtfVariable variable => BtfText.Name(types, variable.Type, need.Name),
            _ => BtfText.Name(types, need.Type, need.Name),
        };

    private string Spend(string text)
    {
        Spend(text.Length);
        return text;
    }

    private void Spend(int count)
    {
        _left -= count;
        if (_left < 0)
        {
            throw new BpfFormatException("there is too much in it to be told");
        }
    }
}
