using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Weft.Wasm.Modules.Reading;

// Reads one module, section by section. The sections themselves are in the other part of the class.
internal sealed partial class ModuleReader(ReadOnlyMemory<byte> bytes)
{
    private const uint Magic = 0x6D736100;

    // The order in which sections stand: the data count (12) goes before the code (10), tags (13) before globals (6).
    private static readonly int[] Order = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

    private static readonly string[] Titles =
        ["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data",
         "data count"];

    private readonly ImmutableArray<ModuleSection>.Builder _sections = ImmutableArray.CreateBuilder<ModuleSection>();

    public WasmModule Read()
    {
        var cursor = new ByteCursor(bytes.Span, 0, bytes.Length);
        Header(ref cursor);
        var last = 0;
        while (!cursor.IsAtEnd)
        {
            Section(ref cursor, ref last);
        }

        return Whole();
    }

    private void Header(ref ByteCursor cursor)
    {
        if (bytes.Length > WasmModule.MaxSize)
        {
            throw ModuleErrors.NoModule($"The file has {bytes.Length} bytes; a module has at most 64 MiB.", "Make it smaller");
        }

        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span) != Magic)
        {
            throw ModuleErrors.NoModule(
                "The file is no WebAssembly module: it does not begin with \\0asm.",
                "Give the binary module, not its text or source");
        }

        cursor.Take("the header", 8);
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[4..]);
        if (version != 1)
        {
            throw ModuleErrors.NoModule(
                version == 0x1000D
                    ? "The file is a WebAssembly component, not a core module."
                    : $"The module is of version {version}, not 1.",
                "Build it as a core module for wasm32-wasip1 or wasm32-unknown-unknown");
        }
    }

    private void Section(ref ByteCursor cursor, ref int last)
    {
        var begin = cursor.Position;
        var id = cursor.Byte("a section");
        var content = cursor.Part($"section {id}", cursor.U32("the size of a section"));
        if (id > 12)
        {
            throw id == 13
                ? ModuleErrors.Unsupported(begin, "exception handling (a tag section)")
                : ModuleErrors.Malformed(begin, $"there is no section {id}");
        }

        if (id != 0 && Order[id] <= last)
        {
            throw ModuleErrors.Malformed(begin, $"the {Titles[id]} section is out of its order or stands twice");
        }

        if (_sections.Count == EngineLimits.Sections)
        {
            throw ModuleErrors.OverLimit(begin, "too many sections", EngineLimits.Sections);
        }

        last = id == 0 ? last : Order[id];
        var name = id == 0 ? content.Name("the name of a section") : Titles[id];
        var range = new ByteRange(content.Position, content.Left);
        _sections.Add(new(id, name, range) { Offset = begin });
        Content(id, ref content);
        if (id != 0 && !content.IsAtEnd)
        {
            throw ModuleErrors.Malformed(content.Position, $"the {Titles[id]} section is longer than what it holds");
        }
    }

    private WasmModule Whole()
    {
        if (_bodies.Count != _declared.Count)
        {
            throw ModuleErrors.Malformed(bytes.Length, $"{_declared.Count} functions are declared, {_bodies.Count} have a body");
        }

        if (_dataCount is { } count && count != _data.Count)
        {
            throw ModuleErrors.Malformed(bytes.Length, $"{count} data segments are announced, {_data.Count} are there");
        }

        var functions = Functions();
        return new WasmModule(bytes)
        {
            Types = [.. _types],
            Imports = [.. _imports],
            Functions = functions,
            Tables = [.. _tables],
            Memories = [.. _memories],
            Globals = [.. _globals],
            Exports = [.. _exports],
            Start = _start,
            Elements = [.. _elements],
            Data = [.. _data],
            DataCount = _dataCount,
            Sections = _sections.ToImmutable(),
            Names = NameSection.Read(bytes.Span, _sections, functions.Length),
        };
    }

    private ImmutableArray<ModuleFunction> Functions()
    {
        var functions = ImmutableArray.CreateBuilder<ModuleFunction>(_imports.Count + _declared.Count);
        foreach (var import in _imports)
        {
            if (import.Function is { } type)
            {
                functions.Add(new(functions.Count, type, import, null));
            }
        }

        for (var i = 0; i < _declared.Count; i++)
        {
            functions.Add(new(functions.Count, _declared[i], null, _bodies[i]));
        }

        return functions.DrainToImmutable();
    }
}
