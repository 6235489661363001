using System.Collections.Frozen;
using System.Text;

namespace Weft.Wasm.Modules.Reading;

// The name section (WebAssembly 2.0, appendix "custom sections"). What is wrong in it does not make the module wrong.
internal static class NameSection
{
    private const byte ModuleName = 0;
    private const byte FunctionNames = 1;

    public static ModuleNames Read(ReadOnlySpan<byte> module, IReadOnlyList<ModuleSection> sections, int functions)
    {
        if (sections.FirstOrDefault(s => s.IsCustom && s.Name == "name") is not { } section)
        {
            return ModuleNames.Empty;
        }

        var names = new Dictionary<int, string>();
        string? own = null;
        string? problem = null;
        try
        {
            var cursor = new ByteCursor(module, section.Range.Offset, section.Range.End);
            while (!cursor.IsAtEnd)
            {
                Subsection(ref cursor, names, functions, ref own);
            }
        }
        catch (WasmFormatException wrong)
        {
            problem = wrong.Diagnostic.Message;
        }

        return new(own, names.ToFrozenDictionary(), problem);
    }

    private static void Subsection(ref ByteCursor cursor, Dictionary<int, string> names, int functions, ref string? own)
    {
        var id = cursor.Byte("a part of the name section");
        var part = cursor.Part("a part of the name section", cursor.U32("the size of a part of the name section"));
        if (id == ModuleName)
        {
            own = OwnName(part);
        }
        else if (id == FunctionNames)
        {
            Functions(ref part, names, functions);
        }
    }

    // Envoy does not look at it, so it is no problem if it cannot be read.
    private static string? OwnName(ByteCursor part)
    {
        try
        {
            return Text(ref part);
        }
        catch (WasmFormatException)
        {
            return null;
        }
    }

    private static void Functions(ref ByteCursor part, Dictionary<int, string> names, int functions)
    {
        var count = part.Count("names of functions", int.MaxValue, leastBytes: 2);
        for (var i = 0; i < count; i++)
        {
            var index = part.U32("the index of a function");
            var name = Text(ref part);

            // What names no function is passed over, so that there are never more names than functions.
            if (index < functions)
            {
                names.TryAdd((int)index, name);
            }
        }

        if (!part.IsAtEnd)
        {
            throw ModuleErrors.Malformed(part.Position, "the names of functions are longer than what they hold");
        }
    }

    // Envoy takes any bytes here, so a name that is not UTF-8 is shown as far as it is.
    private static string Text(ref ByteCursor cursor)
    {
        var range = cursor.Take("a name", cursor.U32("the length of a name"));
        return Encoding.UTF8.GetString(cursor.Bytes(range));
    }
}
