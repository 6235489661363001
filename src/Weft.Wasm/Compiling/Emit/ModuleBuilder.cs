namespace Weft.Wasm.Compiling.Emit;

internal sealed record FunctionType(string Key, WasmType[] Parameters, WasmType[] Results);

internal sealed record ImportedFunction(string Module, string Name, int Type);

/// <param name="StaysApart">Whether it is never written where it is called.</param>
internal sealed record DefinedFunction(int Type, FunctionCode Code, string Name, bool StaysApart = false);

internal sealed record ExportedItem(string Name, byte Kind, int Index);

/// <summary>A module as it comes to be, and its bytes. The same content gives the same bytes.</summary>
internal sealed class ModuleBuilder
{
    private const byte FunctionKind = 0;
    private const byte MemoryKind = 2;
    private const byte GlobalKind = 3;
    private readonly List<FunctionType> _types = [];

    public List<ImportedFunction> Imports { get; } = [];

    public List<DefinedFunction> Functions { get; } = [];

    public List<ExportedItem> Exports { get; } = [];

    /// <summary>The globals, all mutable i32, by their first values.</summary>
    public List<int> Globals { get; } = [];

    /// <summary>The functions that are called by number; 0 is none.</summary>
    public List<int> Table { get; } = [];

    /// <summary>Whether something is called by number, though it may be that nothing has one.</summary>
    public bool CallsTable { get; set; }

    public int TypeOf(IEnumerable<WasmType> parameters, IEnumerable<WasmType> results)
    {
        WasmType[] given = [.. parameters], back = [.. results];
        var key = $"{string.Join(',', given)}>{string.Join(',', back)}";
        var known = _types.FindIndex(t => t.Key == key);
        if (known < 0)
        {
            known = _types.Count;
            _types.Add(new FunctionType(key, given, back));
        }

        return known;
    }

    /// <summary>What a block is that leaves the results of such a function, of which the parameters have been taken.</summary>
    public int BlockTypeOf(int type) => _types[type].Results switch
    {
        [] => Op.Void,
        [var one] => (int)one,
        var several => Op.FirstBlockType + TypeOf([], several),
    };

    /// <summary>The functions that are found by others than those that call them.</summary>
    public IEnumerable<int> Roots => Exports.Where(e => e.Kind == FunctionKind).Select(e => e.Index).Concat(Table).Distinct();

    /// <summary>Gives functions other numbers.</summary>
    public void Renumber(Dictionary<int, int> numbers)
    {
        for (var i = 0; i < Exports.Count; i++)
        {
            Exports[i] = Exports[i].Kind == FunctionKind ? Exports[i] with { Index = numbers[Exports[i].Index] } : Exports[i];
        }

        for (var i = 0; i < Table.Count; i++)
        {
            Table[i] = numbers[Table[i]];
        }
    }

    public void ExportFunction(string name, int index) => Exports.Add(new(name, FunctionKind, index));

    public void ExportMemory(string name) => Exports.Add(new(name, MemoryKind, 0));

    public void ExportGlobal(string name, int index) => Exports.Add(new(name, GlobalKind, index));

    public byte[] ToArray(int pages, int dataStart, ReadOnlySpan<byte> data, bool names)
    {
        var module = new ByteBuilder().Bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
        module.Section(1, TypeSection()).Section(2, ImportSection()).Section(3, FunctionSection());
        if (Table.Count > 0 || CallsTable)
        {
            module.Section(4, new ByteBuilder().Unsigned(1).Byte(0x70).Byte(0).Unsigned((uint)Table.Count + 1));
        }

        module.Section(5, new ByteBuilder().Unsigned(1).Byte(0).Unsigned((uint)pages));
        module.Section(6, GlobalSection()).Section(7, ExportSection());
        if (Table.Count > 0)
        {
            module.Section(9, ElementSection());
        }

        module.Section(10, CodeSection());
        data = data.TrimEnd((byte)0);
        if (data.Length > 0)
        {
            var segment = new ByteBuilder().Unsigned(1).Byte(0).Byte(Op.I32Const).Signed(dataStart).Byte(Op.End);
            module.Section(11, segment.Unsigned((uint)data.Length).Bytes(data));
        }

        if (names)
        {
            module.Section(0, NameSection());
        }

        return module.ToArray();
    }

    private ByteBuilder TypeSection()
    {
        var section = new ByteBuilder().Unsigned((uint)_types.Count);
        foreach (var type in _types)
        {
            section.Byte(0x60).Unsigned((uint)type.Parameters.Length);
            Array.ForEach(type.Parameters, p => section.Byte((int)p));
            section.Unsigned((uint)type.Results.Length);
            Array.ForEach(type.Results, r => section.Byte((int)r));
        }

        return section;
    }

    private ByteBuilder ImportSection()
    {
        var section = new ByteBuilder().Unsigned((uint)Imports.Count);
        Imports.ForEach(i => section.Name(i.Module).Name(i.Name).Byte(FunctionKind).Unsigned((uint)i.Type));
        return section;
    }

    private ByteBuilder FunctionSection()
    {
        var section = new ByteBuilder().Unsigned((uint)Functions.Count);
        Functions.ForEach(f => section.Unsigned((uint)f.Type));
        return section;
    }

    private ByteBuilder GlobalSection()
    {
        // What faults in nothing has no need of those for faults and fuel.
        var used = Functions.SelectMany(f => f.Code.Code).Where(i => i.Op is Op.GlobalGet or Op.GlobalSet).Select(i => i.Value)
            .Concat(Exports.Where(e => e.Kind == GlobalKind).Select(e => (long)e.Index)).DefaultIfEmpty(-1).Max();
        var kept = Globals[..(int)(used + 1)];
        var section = new ByteBuilder().Unsigned((uint)kept.Count);
        kept.ForEach(g => section.Byte((int)WasmType.I32).Byte(1).Byte(Op.I32Const).Signed(g).Byte(Op.End));
        return section;
    }

    private ByteBuilder ExportSection()
    {
        var section = new ByteBuilder().Unsigned((uint)Exports.Count);
        Exports.ForEach(e => section.Name(e.Name).Byte(e.Kind).Unsigned((uint)e.Index));
        return section;
    }

    private ByteBuilder ElementSection()
    {
        var section = new ByteBuilder().Unsigned(1).Byte(0).Byte(Op.I32Const).Signed(1).Byte(Op.End);
        section.Unsigned((uint)Table.Count);
        Table.ForEach(f => section.Unsigned((uint)f));
        return section;
    }

    private ByteBuilder CodeSection()
    {
        var section = new ByteBuilder().Unsigned((uint)Functions.Count);
        foreach (var body in Functions.Select(f => f.Code.Encode()))
        {
            section.Unsigned((uint)body.Length).Bytes(body);
        }

        return section;
    }

    private ByteBuilder NameSection()
    {
        // What cannot fail has none.
        var named = Functions.Select((f, i) => (f.Name, Index: Imports.Count + i)).Where(f => f.Name != "").ToList();
        var map = new ByteBuilder().Unsigned((uint)named.Count);
        named.ForEach(f => map.Unsigned((uint)f.Index).Name(f.Name));

        return new ByteBuilder().Name("name").Section(1, map);
    }
}
