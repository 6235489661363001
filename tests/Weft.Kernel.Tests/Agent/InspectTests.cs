using System.Text.Json;
using Weft.Agent.Text;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

public sealed class InspectTests
{
    [Fact]
    public async Task Maps_have_their_types_as_C_declares_them()
    {
        var run = await AgentRun.With("maps.bpf.c", false, "bpf", "inspect", "{file}");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("  by_type        hash              struct key (8)  __u64 (8)      128  no_prealloc  -\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("    each in it   array             __u32 (4)       __u32 (4)        1  -            -\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  struct key {\n      __u32 id;\n      __u16 port;\n      __u16 family;\n  };\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  rest   ?perf_event  perf_event ", run.Output, StringComparison.Ordinal);
        Assert.Contains("optional\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_stand_below_their_titles()
    {
        var run = await AgentRun.With("data.bpf.c", false, "bpf", "inspect", "{file}");
        var lines = run.Output.Split('\n').SkipWhile(l => l != "VARIABLES").Skip(1).TakeWhile(l => l.Length > 0).ToList();
        var column = lines[0].IndexOf("SECTION", StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.Equal('.', line[column]));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_orders_of_bytes_have_the_same_facts(bool isBigEndian)
    {
        var root = await Json("data.bpf.c", isBigEndian);
        Assert.Equal(isBigEndian ? "big" : "little", root.GetProperty("byte_order").GetString());
        Assert.Equal("GPL", root.GetProperty("license").GetString());
        var variables = root.GetProperty("variables").EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!);
        Assert.Equal("""{"first":1,"second":2}""", variables["chosen"].GetProperty("value").GetRawText());
        Assert.Equal("const volatile struct pair chosen", variables["chosen"].GetProperty("type").GetString());
        Assert.Equal(17, variables["constant"].GetProperty("value").GetInt32());
        Assert.Equal("weft", variables["text"].GetProperty("value").GetString());
        Assert.Equal(".data.apart", variables["apart"].GetProperty("section").GetString());
        Assert.Equal(0, variables["zeroed"].GetProperty("value").GetInt32());
        var programs = root.GetProperty("programs").EnumerateArray().Select(p => (p.GetProperty("name").GetString(), p.GetProperty("loads").GetBoolean()));
        Assert.Equal([("reads", true), ("writes", true), ("optional", false)], programs);
    }

    [Fact]
    public async Task What_is_taken_from_the_kernel_is_listed()
    {
        var root = await Json("externs.bpf.c");
        var needs = root.GetProperty("needs").EnumerateArray().ToDictionary(
            n => n.GetProperty("name").GetString()!,
            n => $"{n.GetProperty("kind")} {(n.GetProperty("optional").GetBoolean() ? "optional" : "needed")}: {n.GetProperty("type")}");
        Assert.Equal("configuration needed: unsigned int LINUX_KERNEL_VERSION", needs["LINUX_KERNEL_VERSION"]);
        Assert.Equal("configuration optional: char CONFIG_DEFAULT_HOSTNAME[16]", needs["CONFIG_DEFAULT_HOSTNAME"]);
        Assert.Equal("variable optional: const int there_is_no_such_variable", needs["there_is_no_such_variable"]);
        Assert.Equal("function optional: void there_is_no_such_function(void)", needs["there_is_no_such_function"]);
        Assert.StartsWith("address optional", needs["there_is_no_such_symbol"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Functions_that_a_program_calls_are_counted_with_it()
    {
        var programs = (await Json("functions.bpf.c")).GetProperty("programs").EnumerateArray()
            .ToDictionary(p => p.GetProperty("name").GetString()!, p => p);
        Assert.Equal(2, programs.Count);
        Assert.Contains(programs["nested"].GetProperty("maps").EnumerateArray(), m => m.GetString() == ".bss");
        Assert.Contains(programs["calls_back"].GetProperty("maps").EnumerateArray(), m => m.GetString() == "numbers");
        Assert.All(programs.Values, p => Assert.Equal(JsonValueKind.Null, p.GetProperty("error").ValueKind));
    }

    [Fact]
    public async Task A_damaged_file_gives_one_line_that_names_it()
    {
        var whole = Clang.Compile("data.bpf.c");
        foreach (var bytes in (byte[][])[[], [1, 2, 3], whole[..100], whole[..(whole.Length / 2)]])
        {
            using var file = new ObjectOnDisk(bytes, "damaged");
            var run = await AgentRun.Of("bpf", "inspect", file.Path);
            Assert.Equal((1, ""), (run.Code, run.Output));
            Assert.StartsWith($"weft-agent: {file.Path}: ", run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public async Task Any_byte_may_be_wrong()
    {
        var whole = Clang.Compile("maps.bpf.c");
        var random = new Random(17);
        for (var i = 0; i < 300; i++)
        {
            var bytes = whole.ToArray();
            for (var k = 0; k < 1 + (i % 4); k++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            using var file = new ObjectOnDisk(bytes, "damaged");
            var run = await AgentRun.Of("bpf", "inspect", file.Path);
            Assert.True(run.Code is 0 || (run.Code == 1 && run.Error.StartsWith("weft-agent: ", StringComparison.Ordinal)), $"{i}: {run.Code} {run.Error}");
            Assert.DoesNotContain(run.Output + run.Error, c => char.IsControl(c) && c != '\n');
        }
    }

    [Fact]
    public async Task A_missing_file_and_a_folder_are_named()
    {
        var run = await AgentRun.Of("bpf", "inspect", "/there/is/no.o");
        Assert.Equal(1, run.Code);
        Assert.StartsWith("weft-agent: /there/is/no.o: there is no such file; clang makes one", run.Error, StringComparison.Ordinal);
        run = await AgentRun.Of("bpf", "load", "/tmp");
        Assert.Equal(1, run.Code);
        Assert.StartsWith("weft-agent: /tmp: it is a folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_does_not_make_all_rows_wide()
    {
        var table = new Table("NAME", ">SIZE", "VALUE");
        table.Add(new string('x', 1000), "7", new string('y', 200));
        table.Add("short\u001b[31m", "12345", "");
        var lines = table.ToString().Split('\n');
        Assert.Equal("NAME" + new string(' ', 96) + "   SIZE  VALUE", lines[0]);
        Assert.Equal(new string('x', 99) + "…      7  " + new string('y', 200), lines[1]);
        Assert.Equal("short [31m" + new string(' ', 90) + "  12345  -", lines[2]);
    }

    private static async Task<JsonElement> Json(string source, bool isBigEndian = false)
    {
        var run = await AgentRun.With(source, isBigEndian, "bpf", "inspect", "--json", "{file}");
        Assert.Equal((0, ""), (run.Code, run.Error));
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
