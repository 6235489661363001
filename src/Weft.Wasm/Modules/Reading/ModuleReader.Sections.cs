using System.Collections.Immutable;

namespace Weft.Wasm.Modules.Reading;

// The sections (WebAssembly 2.0, section 5.5). An index that must be resolved to go on is checked here, all others by
// the validator.
internal sealed partial class ModuleReader
{
    private readonly List<FunctionType> _types = [];
    private readonly List<ModuleImport> _imports = [];
    private readonly List<FunctionType> _declared = [];
    private readonly List<FunctionBody> _bodies = [];
    private readonly List<TableType> _tables = [];
    private readonly List<MemoryType> _memories = [];
    private readonly List<ModuleGlobal> _globals = [];
    private readonly List<ModuleExport> _exports = [];
    private readonly List<ElementSegment> _elements = [];
    private readonly List<DataSegment> _data = [];

    // Equal types are one object, so that comparing them is cheap.
    private readonly Dictionary<FunctionType, FunctionType> _same = [];
    private uint? _start;
    private uint? _dataCount;

    private delegate T Item<out T>(ref ByteCursor cursor);

    private void Content(int id, ref ByteCursor content)
    {
        switch (id)
        {
            case 1:
                Items(ref content, _types, "types", EngineLimits.Types, Type);
                break;
            case 2:
                Items(ref content, _imports, "imports", EngineLimits.Imports, Import);
                break;
            case 3:
                Items(ref content, _declared, "functions", EngineLimits.Functions, TypeOf);
                break;
            case 4:
                Items(ref content, _tables, "tables", EngineLimits.Tables, TypeReading.Table);
                break;
            case 5:
                Items(ref content, _memories, "memories", EngineLimits.Tables, TypeReading.Memory);
                break;
            case 6:
                Items(ref content, _globals, "globals", EngineLimits.Globals, Global);
                break;
            case 7:
                Items(ref content, _exports, "exports", EngineLimits.Exports, Export);
                break;
            case 8:
                _start = content.U32("the index of the start function");
                break;
            case 9:
                Items(ref content, _elements, "element segments", EngineLimits.ElementSegments, SegmentReading.Element);
                break;
            case 10:
                Items(ref content, _bodies, "function bodies", EngineLimits.Functions, Body);
                break;
            case 11:
                Items(ref content, _data, "data segments", EngineLimits.DataSegments, SegmentReading.Data);
                break;
            case 12:
                _dataCount = content.U32("the number of data segments");
                break;
        }
    }

    private static void Items<T>(ref ByteCursor content, List<T> items, string what, int limit, Item<T> read)
    {
        var count = content.Count(what, limit);
        for (var i = 0; i < count; i++)
        {
            items.Add(read(ref content));
        }
    }

    private FunctionType Type(ref ByteCursor cursor)
    {
        var type = TypeReading.Function(ref cursor);
        if (_same.TryGetValue(type, out var same))
        {
            return same;
        }

        _same.Add(type, type);
        return type;
    }

    private FunctionType TypeOf(ref ByteCursor cursor)
    {
        var at = cursor.Position;
        var index = cursor.U32("the index of a type");
        return index < _types.Count ? _types[(int)index] : throw ModuleErrors.Invalid(at, $"there is no type {index}");
    }

    private ModuleImport Import(ref ByteCursor cursor)
    {
        var offset = cursor.Position;
        var module = cursor.Name("the module of an import");
        var name = cursor.Name("the name of an import");
        var kind = Kind(ref cursor, "an import");
        var import = new ModuleImport(module, name, kind, offset);
        switch (kind)
        {
            case ExternKind.Function:
                return import with { Function = TypeOf(ref cursor) };
            case ExternKind.Table:
                _tables.Add(TypeReading.Table(ref cursor));
                return import with { Table = _tables[^1] };
            case ExternKind.Memory:
                _memories.Add(TypeReading.Memory(ref cursor));
                return import with { Memory = _memories[^1] };
            default:
                _globals.Add(new(TypeReading.Global(ref cursor), null));
                return import with { Global = _globals[^1].Type };
        }
    }

    private static ModuleGlobal Global(ref ByteCursor cursor) =>
        new(TypeReading.Global(ref cursor), ConstantReading.Expression(ref cursor));

    private static ModuleExport Export(ref ByteCursor cursor)
    {
        var offset = cursor.Position;
        var name = cursor.Name("the name of an export");
        return new(name, Kind(ref cursor, "an export"), cursor.U32("the index of an export"), offset);
    }

    private static ExternKind Kind(ref ByteCursor cursor, string what)
    {
        var at = cursor.Position;
        var kind = cursor.Byte($"the kind of {what}");
        return kind <= (byte)ExternKind.Global ? (ExternKind)kind
            : kind == 4 ? throw ModuleErrors.Unsupported(at, "exception handling (a tag)")
            : throw ModuleErrors.Malformed(at, $"0x{kind:x2} is no kind of {what}");
    }

    private static FunctionBody Body(ref ByteCursor cursor)
    {
        var at = cursor.Position;
        var size = cursor.U32("the size of a function's body");
        if (size > EngineLimits.BodyBytes && size <= cursor.Left)
        {
            throw ModuleErrors.OverLimit(at, $"a function of {size} bytes", EngineLimits.BodyBytes);
        }

        var body = cursor.Part("a function's body", size);
        var range = new ByteRange(body.Position, body.Left);
        var count = body.Count("groups of locals", EngineLimits.Locals, leastBytes: 2);
        var locals = ImmutableArray.CreateBuilder<LocalGroup>(count);
        long sum = 0;
        for (var i = 0; i < count; i++)
        {
            var place = body.Position;
            locals.Add(new(body.U32("a number of locals"), TypeReading.Value(ref body)));
            sum += locals[^1].Count;
            if (sum > EngineLimits.Locals)
            {
                throw ModuleErrors.OverLimit(place, $"a function with {sum} locals", EngineLimits.Locals);
            }
        }

        return new(range, locals.MoveToImmutable(), new(body.Position, body.Left));
    }
}
