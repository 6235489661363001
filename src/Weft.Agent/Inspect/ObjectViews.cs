using System.Buffers;
using System.Text.Json;
using Weft.Agent.Text;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Agent.Inspect;

/// <summary>Looks at an object, without a kernel.</summary>
internal static class ObjectViews
{
    private const int LargestValue = 4096;

    public static ObjectView Of(ObjectSpec spec) => new(
        spec.Name, spec.License, spec.IsBigEndian ? "big" : "little", spec.KernelVersion, spec.Types?.Count ?? 0,
        [.. spec.Programs.Values.Select(p => Program(spec, p))],
        [.. spec.Maps.Values.Select(Map)],
        [.. spec.Variables.Values.Select(v => Variable(spec, v))],
        [.. spec.Needs.Select(n => Need(spec, n))]);

    private static ProgramView Program(ObjectSpec spec, ProgramSpec program)
    {
        var (outline, error) = Outline(spec, program);
        return new(
            program.Name, program.Section, Names.Of(program.Type), Names.AttachTypeOf(program), program.Target,
            outline.Instructions, outline.Relocations, program.Loads, [.. outline.Maps], error);
    }

    private static (ProgramOutline Outline, string? Error) Outline(ObjectSpec spec, ProgramSpec program)
    {
        try
        {
            return (spec.Outline(program), null);
        }
        catch (BpfFormatException e)
        {
            return (new(0, 0, [], []), e.Message);
        }
    }

    private static MapView Map(MapSpec map) => new(
        map.Name, Names.Of(map.Type), map.KeySize, map.ValueSize, map.MaxEntries, map.Flags, [.. Names.OfFlags(map.Flags)],
        map.PinByName, TypeName(map.Types, map.KeyType), TypeName(map.Types, map.ValueType), map.Contents.Count,
        map.Inner is null ? null : Map(map.Inner))
    {
        Declarations = [.. new[] { map.KeyType, map.ValueType }.Distinct().Select(t => Declaration(map.Types, t)).OfType<string>()],
    };

    // The variables of a section of data are listed as such.
    private static string? TypeName(BtfSpec? types, uint type) =>
        types is null || type == 0 || types.KindOf(type) == BtfKind.DataSection ? null : BtfText.Name(types, type);

    private static string? Declaration(BtfSpec? types, uint type)
    {
        if (types is null || type == 0)
        {
            return null;
        }

        var real = types.Skip(type);
        return types.KindOf(real) is BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 && types.NameOf(real).Length > 0
            ? BtfText.Declaration(types, real)
            : null;
    }

    private static VariableView Variable(ObjectSpec spec, VariableSpec variable) => new(
        variable.Name,
        spec.Types is null || variable.Type == 0 ? null : BtfText.Name(spec.Types, variable.Type, variable.Name),
        variable.Map, variable.Offset, variable.Size, Value(spec.Types, variable));

    private static JsonElement? Value(BtfSpec? types, VariableSpec variable)
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

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static NeedView Need(ObjectSpec spec, KernelNeed need) =>
        new(need.Name, Names.Of(need.Kind), need.IsOptional, NeedType(spec, need));

    private static string? NeedType(ObjectSpec spec, KernelNeed need) => spec.Types is not { } types || need.Type == 0
        ? null
        : types.Get(need.Type) switch
        {
            BtfFunction function => BtfText.Name(types, function.Prototype, need.Name),
            BtfVariable variable => BtfText.Name(types, variable.Type, need.Name),
            _ => BtfText.Name(types, need.Type, need.Name),
        };
}
