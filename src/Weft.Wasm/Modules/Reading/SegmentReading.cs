namespace Weft.Wasm.Modules.Reading;

// Segments for tables and memories (WebAssembly 2.0, sections 5.5.12 and 5.5.14).
internal static class SegmentReading
{
    // Bits of the flags: 1 not active, 2 with a table's index if active, else declarative, 4 items are expressions.
    public static ElementSegment Element(ref ByteCursor cursor)
    {
        var at = cursor.Position;
        var flags = cursor.U32("the kind of an element segment");
        if (flags > 7)
        {
            throw ModuleErrors.Malformed(at, $"{flags} is no kind of element segment");
        }

        var mode = (flags & 1) == 0 ? SegmentMode.Active : (flags & 2) == 0 ? SegmentMode.Passive : SegmentMode.Declarative;
        var isActive = mode == SegmentMode.Active;
        var areExpressions = (flags & 4) != 0;
        var table = isActive && (flags & 2) != 0 ? cursor.U32("the index of a table") : 0;
        ByteRange? start = isActive ? ConstantReading.Expression(ref cursor) : null;
        var type = (flags & 3) == 0 ? WasmType.FuncRef
            : areExpressions ? TypeReading.Reference(ref cursor)
            : FunctionsOnly(ref cursor);
        var count = cursor.Count("elements", EngineLimits.TableElements);
        var begin = cursor.Position;
        for (var i = 0; i < count; i++)
        {
            Item(ref cursor, areExpressions);
        }

        return new(mode, table, start, type, count, areExpressions, new(begin, cursor.Position - begin));
    }

    public static DataSegment Data(ref ByteCursor cursor)
    {
        var at = cursor.Position;
        var flags = cursor.U32("the kind of a data segment");
        if (flags > 2)
        {
            throw ModuleErrors.Malformed(at, $"{flags} is no kind of data segment");
        }

        var memory = flags == 2 ? cursor.U32("the index of a memory") : 0;
        ByteRange? start = flags == 1 ? null : ConstantReading.Expression(ref cursor);
        var bytes = cursor.Take("a data segment", cursor.U32("the size of a data segment"));
        return new(flags == 1 ? SegmentMode.Passive : SegmentMode.Active, memory, start, bytes);
    }

    private static void Item(ref ByteCursor cursor, bool isExpression)
    {
        if (isExpression)
        {
            ConstantReading.Expression(ref cursor);
        }
        else
        {
            cursor.U32("the index of a function");
        }
    }

    private static WasmType FunctionsOnly(ref ByteCursor cursor)
    {
        var at = cursor.Position;
        var kind = cursor.Byte("the kind of elements");
        return kind == 0 ? WasmType.FuncRef : throw ModuleErrors.Malformed(at, $"0x{kind:x2} is no kind of elements");
    }
}
