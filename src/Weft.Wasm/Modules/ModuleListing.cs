using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Weft.Wasm.Modules;

/// <summary>What a module is made of, on one screen: its size by section, what it takes and gives, its largest functions.</summary>
public static class ModuleListing
{
    private const int MaxNames = 24;
    private const int MaxFunctions = 8;
    private const int Width = 100;

    /// <summary>Lists a module. Names are shortened and control characters in them replaced, whatever the bytes are.</summary>
    /// <param name="module">The module, valid or not.</param>
    /// <returns>Lines that end in <c>\n</c>, at most some sixty of about a hundred characters.</returns>
    public static string Of(WasmModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var text = new StringBuilder();
        Line(text, $"{Bytes(module.Bytes.Length)}, {module.Functions.Count(f => f.Body is not null)} functions, {Memory(module)}");
        Sections(text, module);
        Names(text, "imports", module.Imports, i => $"{i.Module}.{i.Name}{Type(i.Function, i.Kind)}");
        Names(text, "exports", module.Exports, e => $"{e.Name}{Type(TypeOf(module, e), e.Kind)}");
        Functions(text, module);
        return text.ToString();
    }

    private static void Sections(StringBuilder text, WasmModule module)
    {
        Line(text, "sections");
        var largest = module.Sections.OrderByDescending(s => s.Range.Length).ThenBy(s => s.Offset).Take(MaxNames);
        foreach (var section in largest.OrderBy(s => s.Offset))
        {
            var name = section.IsCustom ? $"\"{section.Name}\"" : section.Name;
            Line(text, $"  {Bytes(section.Range.Length),12}  {name}");
        }

        More(text, module.Sections.Length - MaxNames);
    }

    private static void Names<T>(StringBuilder text, string what, ImmutableArray<T> parts, Func<T, string> name)
    {
        Line(text, $"{what}{(parts.IsEmpty ? ": none" : "")}");
        foreach (var part in parts.Take(MaxNames))
        {
            Line(text, $"  {name(part)}");
        }

        More(text, parts.Length - MaxNames);
    }

    private static void Functions(StringBuilder text, WasmModule module)
    {
        var bodies = module.Functions.Where(f => f.Body is not null).ToList();
        Line(text, $"largest functions{(bodies.Count == 0 ? ": none" : "")}");
        foreach (var function in bodies.OrderByDescending(f => f.Body!.Range.Length).ThenBy(f => f.Index).Take(MaxFunctions))
        {
            Line(text, $"  {Bytes(function.Body!.Range.Length),12}  {module.Names.OfFunction(function.Index)} {function.Type}");
        }
    }

    private static void More(StringBuilder text, int left)
    {
        if (left > 0)
        {
            Line(text, $"  … and {left} more");
        }
    }

    private static string Memory(WasmModule module) => module.Memories switch
    {
        [] => "no memory",
        [{ Limits: { Maximum: { } maximum } limits }, ..] => $"memory of {Bytes(Size(limits.Minimum))} to {Bytes(Size(maximum))}",
        [var memory, ..] => $"memory of {Bytes(Size(memory.Limits.Minimum))} without a maximum",
    };

    private static long Size(uint pages) => pages * (long)MemoryType.PageSize;

    private static FunctionType? TypeOf(WasmModule module, ModuleExport export) =>
        export.Kind == ExternKind.Function && export.Index < module.Functions.Length
            ? module.Functions[(int)export.Index].Type
            : null;

    private static string Type(FunctionType? type, ExternKind kind) =>
        type is null ? $" ({kind.ToString().ToLowerInvariant()})" : $" {type}";

    private static string Bytes(long bytes) => bytes switch
    {
        >= 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB"),
        >= 10 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };

    // A terminal must not do what a module's names say.
    private static void Line(StringBuilder text, string line)
    {
        foreach (var character in line.Length > Width ? line.AsSpan(0, Width - 1) : line)
        {
            text.Append(char.IsControl(character) || char.IsSurrogate(character) ? '�' : character);
        }

        text.Append(line.Length > Width ? "…\n" : "\n");
    }
}
