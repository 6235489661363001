using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>Objects that check themselves: a program returns the line of the first check that failed, or the magic number.</summary>
public sealed class LoadTests
{
    private const uint Magic = 0x600D;

    [Theory]
    [InlineData("data", "reads")]
    [InlineData("data", "writes")]
    [InlineData("maps", "uses")]
    [InlineData("maps", "jumps")]
    [InlineData("functions", "nested")]
    [InlineData("functions", "calls_back")]
    [InlineData("externs", "configuration")]
    public void A_program_finds_all_that_it_refers_to(string file, string program)
    {
        Privileged.Require();
        using var loaded = BpfObject.Load(Spec(file), new() { PinFolder = null });
        Assert.Equal(Magic, Run(loaded.Programs[program]));
    }

    [Fact]
    public void Variables_are_set_before_and_read_after()
    {
        Privileged.Require();
        var spec = Spec("data");
        spec.Variables["constant"].Set(18u);
        spec.Variables["counter"].Set(41u);
        using var loaded = BpfObject.Load(spec);
        Assert.NotEqual(Magic, Run(loaded.Programs["reads"]));
        Assert.Equal(Magic, Run(loaded.Programs["writes"]));
        using var memory = loaded.Maps[".data"].OpenMemory();
        Assert.Equal(42u, memory.Read<uint>(spec.Variables["counter"].Offset));
        Assert.DoesNotContain("optional", loaded.Programs.Keys);
        Assert.Throws<ArgumentException>(() => spec.Variables["constant"].Set(1ul));
    }

    [Fact]
    public void An_optional_program_is_loaded_where_it_is_asked_for()
    {
        Privileged.Require();
        var spec = Spec("data");
        Assert.False(spec.Programs["optional"].Loads);
        spec.Programs["optional"].Loads = true;
        using var loaded = BpfObject.Load(spec);
        Assert.Equal(17u, Run(loaded.Programs["optional"]));
    }

    [Fact]
    public void What_a_kernel_lacks_is_told_in_words()
    {
        Privileged.Require();
        using var loaded = BpfObject.Load(Spec("externs"));
        Assert.Contains("symbols", loaded.Programs.Keys);
        var error = Assert.IsType<VerifierException>(Assert.ThrowsAny<BpfException>(() => BpfObject.Load(Spec("missing"))));
        Assert.Contains("there_is_no_such_function, which this kernel does not have", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_program_that_is_refused_leaves_the_others()
    {
        Privileged.Require();
        var spec = Broken();
        using var loaded = BpfObject.Load(spec, new() { BestEffort = true });
        Assert.Equal(["good"], loaded.Programs.Keys);
        var result = loaded.Results.Single(r => !r.Loaded);
        Assert.Equal("bad", result.Program.Name);
        var error = Assert.IsType<VerifierException>(result.Error);
        Assert.Contains("R0 !read_ok", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Log);
        Assert.Throws<VerifierException>(() => BpfObject.Load(Broken()));
    }

    [Fact]
    public void Assembled_programs_jump_call_and_use_maps()
    {
        Privileged.Require();
        var spec = new ObjectSpec("assembled", "GPL")
            .Add(new MapSpec { Name = "counts", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 })
            .Add(CountsOne()
                .Move(Register.R1, 20)
                .Call("double")
                .Exit()
                .Label("nothing")
                .Move(Register.R0, 0)
                .Exit()
                .Label("double")
                .Move(Register.R0, Register.R1)
                .Apply(Operation.Multiply, Register.R0, 2)
                .Exit()
                .ToProgram("counted", "socket"));
        using var loaded = BpfObject.Load(spec);
        Assert.Equal(40u, Run(loaded.Programs["counted"]));
        Assert.Equal(40u, Run(loaded.Programs["counted"]));
        Assert.Equal(2ul, new Map<uint, ulong>(loaded.Maps["counts"])[0]);
    }

    [Fact]
    public void A_map_that_is_given_is_used_instead()
    {
        Privileged.Require();
        using var counts = BpfMap.Create(new() { Name = "shared", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 8 });
        var shared = new Map<uint, ulong>(counts);
        shared[0] = 100;
        using var loaded = BpfObject.Load(Counting(), new() { Maps = new Dictionary<string, BpfMap> { ["counts"] = counts } });
        Assert.Equal(101u, Run(loaded.Programs["counted"]));
        Assert.Equal(102u, Run(loaded.Programs["counted"]));
        Assert.Equal(102ul, shared[0]);
        Assert.Same(counts, loaded.Maps["counts"]);
        using var alone = BpfObject.Load(Counting());
        Assert.Equal(1u, Run(alone.Programs["counted"]));
    }

    [Fact]
    public void A_map_is_pinned_by_its_name_and_taken_from_there()
    {
        Privileged.Require();
        using var folder = Maps.BpfFolder.Mount();
        uint first;
        using (var loaded = BpfObject.Load(Pinned(8), new() { PinFolder = folder.Path }))
        {
            new Map<uint, ulong>(loaded.Maps["kept"])[3] = 33;
            first = loaded.Maps["kept"].Info.Id;
        }

        using var again = BpfObject.Load(Pinned(8), new() { PinFolder = folder.Path });
        Assert.Equal(first, again.Maps["kept"].Info.Id);
        Assert.Equal(33ul, new Map<uint, ulong>(again.Maps["kept"])[3]);
        Assert.ThrowsAny<BpfException>(() => BpfObject.Load(Pinned(16), new() { PinFolder = folder.Path }));
        using var apart = BpfObject.Load(Pinned(8), new() { PinFolder = null });
        Assert.NotEqual(first, apart.Maps["kept"].Info.Id);

        static ObjectSpec Pinned(uint entries) => new ObjectSpec("pinned", "GPL").Add(
            new MapSpec { Name = "kept", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = entries, PinByName = true });
    }

    [Fact]
    public void A_map_of_programs_that_names_itself_does_no_harm()
    {
        Privileged.Require();
        var spec = new ObjectSpec("circle", "GPL").Add(
            new MapSpec { Name = "self", Type = MapType.ProgramArray, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        spec.Maps["self"].Contents.Add(new(new byte[4], default, "self"));
        Assert.Throws<KernelException>(() => BpfObject.Load(spec));
    }

    [Fact]
    public void An_object_of_another_machine_is_read_and_not_loaded()
    {
        var spec = ObjectSpec.Parse(Clang.Compile("maps.bpf.c", isBigEndian: true), "maps");
        var here = Spec("maps");
        Assert.Equal(here.Maps.Values.Select(m => (m.Name, m.Type, m.KeySize, m.ValueSize, m.MaxEntries)), spec.Maps.Values.Select(m => (m.Name, m.Type, m.KeySize, m.ValueSize, m.MaxEntries)));
        Assert.Equal(here.Programs.Keys, spec.Programs.Keys);
        Assert.Throws<BpfFormatException>(() => BpfObject.Load(spec));
    }

    private static ObjectSpec Spec(string file) => ObjectSpec.Parse(Clang.Compile(file + ".bpf.c"), file);

    // The first element is in R0 then, and it jumps to "nothing" where there is none.
    private static Assembler CountsOne() => new Assembler()
        .Store(Register.R10, -4, 0, Width.Word)
        .LoadMap(Register.R1, "counts")
        .Move(Register.R2, Register.R10)
        .Apply(Operation.Add, Register.R2, -4)
        .Call(1)
        .JumpIf(Condition.Equal, Register.R0, 0, "nothing")
        .Move(Register.R1, 1)
        .Atomic(AtomicOperation.Add, Register.R0, 0, Register.R1, Width.Double);

    private static ObjectSpec Broken() => new ObjectSpec("broken", "GPL")
        .Add(new Assembler().Exit().ToProgram("bad", "socket"))
        .Add(new Assembler().Move(Register.R0, 1).Exit().ToProgram("good", "socket"));

    // Adds one to the first element, and returns what is there then.
    private static ObjectSpec Counting() => new ObjectSpec("counting", "GPL")
        .Add(new MapSpec { Name = "counts", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 })
        .Add(CountsOne()
            .Load(Register.R0, Register.R0, 0, Width.Double)
            .Label("nothing")
            .Exit()
            .ToProgram("counted", "socket"));

    private static uint Run(BpfProgram program) => program.TestRun(new byte[64]).Result;
}
