using System.Text;
using Weft.Wasm.Modules;
using static Weft.Wasm.Tests.Modules.ModuleBytes;

namespace Weft.Wasm.Tests.Modules;

public sealed class WasmModuleTests
{
    private static readonly WasmModule Memory = WasmModule.Read(Seeds.Small["memory"]);
    private static readonly WasmModule Tables = WasmModule.Read(Seeds.Small["tables"]);
    private static readonly WasmModule Control = WasmModule.Read(Seeds.Small["control"]);

    [Fact]
    public void An_empty_module_has_nothing()
    {
        var module = WasmModule.Read(Header);
        Assert.Empty(module.Sections);
        Assert.Empty(module.Functions);
        Assert.Null(module.Start);
        Assert.Same(ModuleNames.Empty, module.Names);
        Assert.Empty(ModuleValidator.Validate(module));
    }

    [Fact]
    public void Imports_come_first_among_functions_and_globals()
    {
        Assert.Equal(["env.seen", "env.base"], Memory.Imports.Select(i => $"{i.Module}.{i.Name}"));
        Assert.Equal("(i32, f32) -> i64", Memory.Imports[0].Function!.ToString());
        Assert.Same(Memory.Imports[0], Memory.Functions[0].Import);
        Assert.Null(Memory.Functions[0].Body);
        Assert.NotNull(Memory.Functions[1].Body);
        Assert.Null(Memory.Globals[0].Initial);
        Assert.Equal(new GlobalType(WasmType.I32, IsMutable: true), Memory.Globals[1].Type);
        Assert.Equal([0x41, 0x80, 0x08, 0x0B], Memory.Globals[1].Initial!.Value.In(Memory).ToArray());
    }

    [Fact]
    public void Exports_tell_what_they_give()
    {
        Assert.Equal(["memory", "bulk", "access"], Memory.Exports.Select(e => e.Name));
        Assert.Equal([ExternKind.Memory, ExternKind.Function, ExternKind.Function], Memory.Exports.Select(e => e.Kind));
        Assert.Equal(new Limits(1, 4), Memory.Memories[0].Limits);
    }

    [Fact]
    public void Data_is_active_or_passive()
    {
        Assert.Equal([SegmentMode.Active, SegmentMode.Passive], Memory.Data.Select(d => d.Mode));
        Assert.Equal("world", Encoding.ASCII.GetString(Memory.Data[1].Bytes.In(Memory)));
        Assert.Equal(2u, Memory.DataCount);
    }

    [Fact]
    public void Elements_are_functions_or_expressions()
    {
        Assert.Equal(
            [SegmentMode.Active, SegmentMode.Passive, SegmentMode.Passive, SegmentMode.Declarative], Tables.Elements.Select(e => e.Mode));
        Assert.Equal([false, false, true, false], Tables.Elements.Select(e => e.AreExpressions));
        Assert.Equal([2, 2, 2, 1], Tables.Elements.Select(e => e.Count));
        Assert.Equal([WasmType.FuncRef, WasmType.ExternRef], Tables.Tables.Select(t => t.Element));
        Assert.Equal(2u, Tables.Start);
    }

    [Fact]
    public void A_body_has_its_locals_and_its_code()
    {
        var body = Control.Functions[1].Body!;
        Assert.Equal([new(1, WasmType.I64), new(1, WasmType.F32), new(1, WasmType.F64)], body.Locals);
        Assert.Equal(0x0B, body.Code.In(Control)[^1]);
        Assert.Equal(body.Range.End, body.Code.End);
    }

    [Fact]
    public void Names_of_functions_are_known()
    {
        Assert.Equal(["one", "two", "start"], Enumerable.Range(0, 3).Select(Tables.Names.OfFunction));
        Assert.Equal("function 3", Tables.Names.OfFunction(3));
    }

    [Fact]
    public void A_name_section_may_name_the_module_and_what_is_not_there()
    {
        var names = Custom("name", [0, 4, 3, (byte)'a', (byte)'b', (byte)'c', 1, 6, 2, 0, 1, (byte)'f', 9, 0]);
        var module = WasmModule.Read((byte[])[.. OfBody(0, 0x0B), .. names]);
        Assert.Equal("abc", module.Names.Module);
        Assert.Equal([KeyValuePair.Create(0, "f")], module.Names.Functions);
        Assert.Null(module.Names.Problem);
    }

    [Fact]
    public void A_broken_name_section_is_a_problem_of_its_own()
    {
        var module = WasmModule.Read((byte[])[.. OfBody(0, 0x0B), .. Custom("name", [1, 9, 1])]);
        Assert.Contains("at byte ", module.Names.Problem, StringComparison.Ordinal);
        Assert.Empty(ModuleValidator.Validate(module));
    }

    [Fact]
    public void Custom_sections_stand_anywhere_and_may_repeat()
    {
        var module = WasmModule.Read((byte[])[.. Header, .. Custom("a", [1]), .. OfBody(0, 0x0B)[8..], .. Custom("a", [2, 3])]);
        Assert.Equal(["a", "a"], module.CustomSections.Select(s => s.Name));
        Assert.Equal([2, 3], module.CustomSections.Last().Range.In(module).ToArray());
        Assert.Equal(8, module.Sections[0].Offset);
    }

    [Fact]
    public void Foreign_plugins_are_read_and_valid()
    {
        Assert.All(Seeds.Foreign().Values, bytes =>
        {
            var module = WasmModule.Read(bytes);
            Assert.Empty(ModuleValidator.Validate(module));
            Assert.Equal(bytes.Length, module.Sections[^1].Range.End);
            Assert.NotEmpty(module.Imports);
        });
    }

    [Fact]
    public void Reading_throws_what_trying_tells()
    {
        var refused = Assert.Throws<WasmFormatException>(() => WasmModule.Read("no module"u8.ToArray()));
        Assert.Equal("WEFT6101", refused.Diagnostic.Code);
        Assert.Contains("WEFT6101", refused.Message, StringComparison.Ordinal);
    }
}
