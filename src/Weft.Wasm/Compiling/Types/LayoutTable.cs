using System.Collections.Immutable;
using System.Globalization;
using Mono.Cecil;
using Weft.Wasm.Compiling.Emit;

namespace Weft.Wasm.Compiling.Types;

/// <summary>The layout of each type that is used.</summary>
internal sealed class LayoutTable(TypeReader types)
{
    /// <summary>A struct of more numbers than these would make functions that no engine compiles well.</summary>
    private const int MostParts = 40;
    private const string InlineArray = "System.Runtime.CompilerServices.InlineArray";

    /// <summary>Deeper lies only what has no end.</summary>
    private const int DeepestStruct = 64;
    private const int LargestStruct = 1 << 16;
    private readonly Dictionary<IlType, Layout> _known = [];
    private readonly HashSet<IlType> _open = [];

    public Layout Of(IlType type)
    {
        if (_known.TryGetValue(type, out var layout))
        {
            return layout;
        }

        if (!_open.Add(type))
        {
            throw new NotInSubset("PW0012", $"{type.Name} contains itself");
        }

        try
        {
            return _known[type] = _open.Count <= DeepestStruct
                ? Make(type)
                : throw new NotInSubset("PW0012", $"the structs in {type.Name} are nested too deeply");
        }
        finally
        {
            // Refused once, it is refused for the same reason where it is used again.
            _open.Remove(type);
        }
    }

    /// <summary>The fields of a class, which lie where its reference points to.</summary>
    public Layout OfObject(IlType type) =>
        type.Definition is { } definition
            ? Sequential(type with { Name = $"{type.Name} (object)" }, Inherited(type), 4)
            : throw new NotInSubset("PW0001", $"{type.Name} is not a class of the plugin", "use a struct or a class of your own");

    // What a class inherits comes first, so that it is where methods of the class that it inherits from look for it.
    private IEnumerable<(string Name, IlType Type)> Inherited(IlType type)
    {
        var line = new Stack<IlType>();
        for (var at = type; at is { Definition: { } definition, Kind: IlKind.Class }; at = BaseOf(at))
        {
            line.Push(at);
            if (line.Count > DeepestStruct)
            {
                throw new NotInSubset("PW0012", $"{type.Name} inherits from too many classes");
            }
        }

        return line.SelectMany(Own);
    }

    private IlType? BaseOf(IlType type) => type.Definition!.BaseType is { } parent && parent.FullName != "System.Object"
        ? types.Read(parent, new GenericScope(type.Arguments, []))
        : null;

    private IEnumerable<(string Name, IlType Type)> Own(IlType type) =>
        type.Definition!.Fields.Where(f => !f.IsStatic).Select(f => (f.Name, FieldType(f, type)));

    private Layout Make(IlType type) => type.Kind switch
    {
        IlKind.Void or IlKind.Exception => new Layout(type, [], 0, 1),
        IlKind.Bool or IlKind.U1 => One(type, WasmType.I32, 1, false),
        IlKind.I1 => One(type, WasmType.I32, 1, true),
        IlKind.U2 => One(type, WasmType.I32, 2, false),
        IlKind.I2 => One(type, WasmType.I32, 2, true),
        IlKind.I4 or IlKind.U4 or IlKind.Address or IlKind.Delegate => One(type, WasmType.I32, 4, true),
        IlKind.Class or IlKind.Array => One(type, WasmType.I32, 4, true, heap: true),
        IlKind.I8 or IlKind.U8 => One(type, WasmType.I64, 8, true),
        IlKind.R4 => One(type, WasmType.F32, 4, false),
        IlKind.R8 => One(type, WasmType.F64, 8, false),
        IlKind.Text or IlKind.Span => new Layout(
            type, [new Part(WasmType.I32, 0, 4, true), new Part(WasmType.I32, 4, 4, true)], 8, 4),
        IlKind.Nullable => Sequential(type, [("hasValue", IlType.Bool), ("value", type.Element)], 1),
        _ => Struct(type),
    };

    private static Layout One(IlType type, WasmType wasm, int size, bool signed, bool heap = false) =>
        new(type, [new Part(wasm, 0, size, signed, heap)], size, size);

    private Layout Struct(IlType type)
    {
        if (type.Definition is not { } definition)
        {
            return type.Name.StartsWith(InlineArray, StringComparison.Ordinal)
                ? Repeated(type, type.Element, int.Parse(type.Name.AsSpan(InlineArray.Length, type.Name.IndexOf('`', StringComparison.Ordinal) - InlineArray.Length), CultureInfo.InvariantCulture))
                : Sequential(type, type.Arguments.Select((a, i) => ($"Item{i + 1}", a)), 1);
        }

        if (definition.Name.StartsWith("<>y__InlineArray", StringComparison.Ordinal) && CountOf(definition) is { } count)
        {
            return Repeated(type, type.Element, count);
        }

        if (definition.IsExplicitLayout || CountOf(definition) is not null)
        {
            throw new NotInSubset(
                "PW0001", $"{type.Name} lays its fields out by itself", "use an array, or stackalloc for what does not stay");
        }

        if (definition.ClassSize > LargestStruct)
        {
            throw new NotInSubset("PW0012", $"{type.Name} has {definition.ClassSize} bytes", "use an array");
        }

        var layout = Sequential(type, Own(type), 1);
        return layout with { Size = Math.Max(layout.Size, definition.ClassSize), Align = definition.ClassSize > 8 ? 8 : layout.Align };
    }

    private static int? CountOf(TypeDefinition type) => type.HasCustomAttributes
        ? type.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "InlineArrayAttribute")?.ConstructorArguments[0].Value as int?
        : null;

    /// <summary>What the C# compiler puts the elements of a collection expression into.</summary>
    private Layout Repeated(IlType type, IlType element, int count) =>
        Sequential(type, Enumerable.Range(0, Math.Min(count, MostParts + 1)).Select(i => ($"{i}", element)), 1);

    private IlType FieldType(FieldDefinition field, IlType owner) =>
        types.Read(field.FieldType, new GenericScope(owner.Arguments, []));

    private Layout Sequential(IlType type, IEnumerable<(string Name, IlType Type)> members, int align)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        var fields = new Dictionary<string, FieldPlace>();
        var size = 0;
        foreach (var (name, member) in members)
        {
            var layout = Of(member);
            size = Up(size, layout.Align);
            fields[name] = new FieldPlace(size, parts.Count, member, layout);
            parts.AddRange(layout.Parts.Select(p => p with { Offset = p.Offset + size }));
            size += layout.Size;
            align = Math.Max(align, layout.Align);
        }

        if (parts.Count > MostParts && type.Kind != IlKind.Class)
        {
            throw new NotInSubset("PW0012", $"{type.Name} has {parts.Count} fields in all", $"a struct has {MostParts} at most: use a class");
        }

        return new Layout(type, parts.ToImmutable(), Math.Max(1, Up(size, align)), align) { Fields = fields };
    }

    private static int Up(int value, int align) => (value + align - 1) / align * align;
}
