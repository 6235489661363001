using Weft.Bpf;
using Weft.Bpf.Linking;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>What a program that is put together of functions says of their types and lines.</summary>
public sealed class LinkedTypesTests
{
    [Theory]
    [InlineData("nested", "nested outer inner visible")]
    [InlineData("calls_back", "calls_back each visible counted inner")]
    public void Each_function_has_its_type_and_its_lines_where_it_is_put(string name, string wanted)
    {
        var spec = ObjectSpec.Parse(Clang.Compile("functions.bpf.c"));
        var program = ProgramLinker.Link(spec, spec.Programs[name], function => function.Code.AsMemory());
        Assert.Equal(wanted.Split(' ').Order(), program.Functions.Select(f => spec.Types!.NameOf(f.Type)).Order());
        for (var i = 0; i < program.Functions.Count; i++)
        {
            var start = program.Functions[i].Instruction;
            var end = i + 1 < program.Functions.Count ? program.Functions[i + 1].Instruction : program.Code.Length;
            var function = spec.Functions.Values.Single(f => f.Type == program.Functions[i].Type);
            Assert.Equal(function.Code.Length, end - start);

            // It begins with its code, but for what is relocated, and has the lines of its own part of the file.
            Assert.Equal(function.Code.Select(c => c.Code), program.Code[start..end].Select(c => c.Code));
            var lines = program.Lines.Where(l => l.Instruction >= start && l.Instruction < end).ToList();
            Assert.Equal(start, lines[0].Instruction);
            var first = (int)(lines[0].Column >> 10);
            Assert.All(lines, line => Assert.InRange((int)(line.Column >> 10), first, first + 15));
            Assert.Contains(function.Name + "(", string.Join('\n', Source.Skip(first - 3).Take(3)), StringComparison.Ordinal);
        }

        Assert.Equal(program.Lines.OrderBy(l => l.Instruction), program.Lines);
    }

    private static string[] Source => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "bpf", "tests", "functions.bpf.c"));
}
