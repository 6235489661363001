using System.Diagnostics;
using System.Text.Json;
using Weft.Bpf;
using Weft.Bpf.Btf;
using Weft.Kernel.Tests.Agent;
using Weft.Kernel.Tests.Loading;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Linking;

/// <summary>Objects that are linked to one: this loader, libbpf and cilium/ebpf take the result, and its programs check themselves.</summary>
public sealed class ObjectLinkerTests
{
    private const uint Magic = 0x600D;
    private const string Main = "linked_main.bpf.c";
    private const string Library = "linked_library.bpf.c";
    private const string Again = "linked_again.bpf.c";

    [Theory]
    [InlineData(Main, Library)]
    [InlineData(Library, Main)]
    [InlineData("functions.bpf.c", Main, "data.bpf.c", Library)]
    public void Programs_find_in_one_object_what_another_has(params string[] files)
    {
        Privileged.Require();
        var spec = ObjectSpec.Parse(Linked(files), "linked");
        using var loaded = BpfObject.Load(spec, new() { PinFolder = null });
        Assert.Equal((Magic, Magic), (Run(loaded, "asks"), Run(loaded, "has")));
        if (files.Length > 2)
        {
            Assert.Equal((Magic, Magic), (Run(loaded, "nested"), Run(loaded, "calls_back")));
            Assert.Equal((Magic, Magic), (Run(loaded, "reads"), Run(loaded, "writes")));
        }
    }

    [Fact]
    public void A_linked_object_can_be_linked_further()
    {
        Privileged.Require();
        var first = ObjectLinker.Link([("first", Linked(Main))]);
        var linked = ObjectLinker.Link([("first", first), (Library, Clang.Compile(Library)), ("functions", Clang.Compile("functions.bpf.c"))]);
        using var loaded = BpfObject.Load(ObjectSpec.Parse(linked), new() { PinFolder = null });
        Assert.Equal((Magic, Magic), (Run(loaded, "asks"), Run(loaded, "has")));
    }

    [Theory]
    [InlineData(Main, Library)]
    [InlineData("functions.bpf.c", "data.bpf.c")]
    public void Libbpf_loads_the_result_as_this_loader_does(params string[] files)
    {
        Privileged.Require();
        Libbpf.Require();
        using var file = new ObjectOnDisk(Linked(files).ToArray(), "linked");
        Assert.Empty(Differences.Of(file.Path));
    }

    [Theory]
    [InlineData(Main, Library)]
    [InlineData(Library, Main)]
    [InlineData("functions.bpf.c", "data.bpf.c", "maps.bpf.c")]
    public async Task Cilium_loads_the_result(params string[] files)
    {
        var peer = Peers.Require("ebpfpeer");
        Privileged.Require();
        using var file = new ObjectOnDisk(Linked(files).ToArray(), "linked");
        var programs = (await Shell(peer, "load", file.Path)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(p => p.GetProperty("name").GetString()!);
        Assert.Equal(ObjectSpec.Open(file.Path).Programs.Keys.Order(), programs.Keys.Order());
        Assert.All(programs.Values, program => Assert.True(program.GetProperty("loaded").GetBoolean(), program.ToString()));
    }

    [Theory]
    [InlineData(Main, Library)]
    [InlineData(Library, Main)]
    [InlineData("maps.bpf.c", "functions.bpf.c")]
    [InlineData("functions.bpf.c", "data.bpf.c", "externs.bpf.c")]
    public async Task The_result_has_the_programs_and_instructions_of_bpftool(params string[] files)
    {
        Privileged.Require();
        Libbpf.Require();
        var bpftool = Peers.Require("bpftool");
        using var folder = new TempFolder();
        foreach (var file in files)
        {
            await File.WriteAllBytesAsync(folder.PathOf(file + ".o"), Clang.Compile(file), TestContext.Current.CancellationToken);
        }

        await Shell(bpftool, ["gen", "object", folder.PathOf("theirs.o"), .. files.Select(f => folder.PathOf(f + ".o"))]);
        await File.WriteAllBytesAsync(folder.PathOf("ours.o"), Linked(files), TestContext.Current.CancellationToken);
        var (theirs, ours) = (Libbpf.LoadEach(folder.PathOf("theirs.o"))!, Libbpf.LoadEach(folder.PathOf("ours.o"))!);
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach (var (name, verdict) in theirs)
        {
            Assert.Equal(verdict.Error, ours[name].Error);
            Assert.Equal(Comparable(verdict), Comparable(ours[name]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_type_that_several_objects_have_is_there_once(bool isBigEndian)
    {
        var types = ObjectSpec.Parse(Linked(isBigEndian, Main, Library, "functions.bpf.c")).Types!;
        Assert.Equal(isBigEndian, types.IsBigEndian);
        var names = Enumerable.Range(1, types.Count).Select(id => types.Get((uint)id))
            .Where(t => t is not BtfVariable and not BtfFunction && t.Name.Length > 0).Select(t => (t.Kind, t.Name)).ToList();
        Assert.Equal(["task_struct"], names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key.Name));
        Assert.DoesNotContain((BtfKind.Forward, "other"), names);
        Assert.Single(Enumerable.Range(1, types.Count).Select(id => types.Get((uint)id)), t => t is { Name: "shared_map", Kind: BtfKind.Variable });
    }

    [Fact]
    public void What_cannot_be_linked_names_both_objects()
    {
        Refused("linked_again.bpf.c: twice is defined already in linked_library.bpf.c", (Library, ""), (Again, ""));
        Refused("linked_again.bpf.c: shared_map has another type than in linked_library.bpf.c", (Library, ""), (Again, "-DOTHER_MAP"));
        Refused("another has another type than in linked_library.bpf.c", (Again, "-DOTHER_TYPE"), (Library, ""));
        var mixed = Assert.Throws<BpfFormatException>(() =>
            ObjectLinker.Link([("a", Clang.Compile(Main)), ("b", Clang.Compile(Library, isBigEndian: true))]));
        Assert.Contains("b: it is of another byte order than a", mixed.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ObjectLinker.Link([]));
    }

    [Fact]
    public async Task The_command_writes_an_object()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder.PathOf("main.o"), Clang.Compile(Main), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.PathOf("library.o"), Clang.Compile(Library), TestContext.Current.CancellationToken);
        var run = await AgentRun.Of("bpf", "link", "-o", folder.PathOf("all.o"), folder.PathOf("main.o"), folder.PathOf("library.o"));
        Assert.Equal((0, "", ""), (run.Code, run.Output, run.Error));
        Assert.Equal(["asks", "has"], ObjectSpec.Open(folder.PathOf("all.o")).Programs.Keys);
        run = await AgentRun.Of("bpf", "link", "-o", folder.PathOf("all.o"), folder.PathOf("library.o"), folder.PathOf("library.o"));
        Assert.Equal(1, run.Code);
        Assert.Contains("is defined already in", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Damaged in any way, objects are linked or refused.</summary>
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Damaged_objects_are_linked_or_refused()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        (string, byte[])[] whole = [(Main, Clang.Compile(Main)), (Library, Clang.Compile(Library)), ("maps", Clang.Compile("maps.bpf.c"))];
        for (var i = 0; i < Soak.Runs(3_000, 1_000_000); i++)
        {
            var objects = whole.Select(o => (o.Item1, Bytes: o.Item2.ToArray())).ToArray();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                var bytes = objects[random.Next(objects.Length)].Bytes;
                bytes[random.Next(bytes.Length)] = random.Next(3) > 0 ? (byte)random.Next(256) : (byte)(random.Next(2) * 255);
            }

            try
            {
                ObjectSpec.Parse(ObjectLinker.Link(objects.Select(o => (o.Item1, (ReadOnlyMemory<byte>)o.Bytes))));
            }
            catch (BpfException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, run {i}: {e}");
            }
        }
    }

    private static ReadOnlyMemory<byte> Linked(params string[] files) => Linked(false, files);

    private static ReadOnlyMemory<byte> Linked(bool isBigEndian, params string[] files) =>
        ObjectLinker.Link(files.Select(f => (f, (ReadOnlyMemory<byte>)Clang.Compile(f, isBigEndian))));

    private static void Refused(string why, params (string File, string More)[] files)
    {
        var error = Assert.Throws<BpfFormatException>(() =>
            ObjectLinker.Link(files.Select(f => (f.File, (ReadOnlyMemory<byte>)Clang.Compile(f.File, more: f.More)))));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static uint Run(BpfObject loaded, string program) => loaded.Programs[program].TestRun(new byte[64]).Result;

    // Descriptors are numbered as it happens.
    private static IEnumerable<string> Comparable(Libbpf.Verdict verdict) => verdict.Code.Select(i =>
    {
        i.Immediate = i.IsWideLoad && i.Source is 1 or 2 ? 0 : i.Immediate;
        return i.ToString()!;
    });

    private static async Task<string> Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
