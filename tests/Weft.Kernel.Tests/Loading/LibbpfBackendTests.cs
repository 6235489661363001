using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>Objects that libbpf loads for us: they do the same, and what was changed before is changed.</summary>
public sealed class LibbpfBackendTests
{
    private const uint Magic = 0x600D;

    private static readonly LoadSettings ByLibbpf = new() { Backend = BpfBackend.Libbpf, PinFolder = null };

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
        using var loaded = Load(Objects.Spec(file));
        Assert.Equal(BpfBackend.Libbpf, loaded.Backend);
        Assert.Equal(Magic, Run(loaded.Programs[program]));
    }

    [Fact]
    public void The_maps_are_those_that_the_managed_loader_makes()
    {
        foreach (var file in (string[])["data", "maps", "functions", "externs"])
        {
            using var ours = BpfObject.Load(Objects.Spec(file), new() { PinFolder = null });
            using var theirs = Load(Objects.Spec(file));
            Assert.Equal(ours.Maps.Keys.Order(StringComparer.Ordinal), theirs.Maps.Keys.Order(StringComparer.Ordinal));
            Assert.All(ours.Maps, map => Assert.Equal(Told(map.Value.Info), Told(theirs.Maps[map.Key].Info)));
            Assert.Equal(ours.Programs.Keys, theirs.Programs.Keys);
        }

        static object Told(MapInfo info) => (info.Name, info.Type, info.KeySize, info.ValueSize, info.MaxEntries, info.Flags);
    }

    [Fact]
    public void Variables_are_set_before_and_read_after()
    {
        var spec = Objects.Spec("data");
        spec.Variables["constant"].Set(18u);
        spec.Variables["counter"].Set(41u);
        using var loaded = Load(spec);
        Assert.NotEqual(Magic, Run(loaded.Programs["reads"]));
        Assert.Equal(Magic, Run(loaded.Programs["writes"]));
        using var memory = loaded.Maps[".data"].OpenMemory();
        Assert.Equal(42u, memory.Read<uint>(spec.Variables["counter"].Offset));
        Assert.DoesNotContain("optional", loaded.Programs.Keys);
    }

    [Fact]
    public void What_was_changed_in_the_spec_is_changed_in_the_kernel()
    {
        var spec = Objects.Spec("maps");
        (spec.Maps["by_type"].MaxEntries, spec.Maps["by_type"].Flags) = (64, 0);
        (spec.Maps["by_number"].Type, spec.Maps["by_number"].ValueSize) = (MapType.PerCpuArray, 24);
        spec.Maps["outer"].Inner!.ValueSize = 8;
        spec.Maps["one"].ValueSize = spec.Maps["two"].ValueSize = 8;
        spec.Programs["rest"].Loads = true;
        (spec.Programs["uses"].Loads, spec.Programs["jumps"].Type) = (false, ProgramType.SchedClassifier);
        spec.Programs["last"].Type = ProgramType.SchedClassifier;
        using var loaded = Load(spec);
        Assert.Equal(["last", "jumps", "rest"], loaded.Programs.Keys);
        Assert.Equal(ProgramType.SchedClassifier, loaded.Programs["jumps"].Info.Type);
        var info = loaded.Maps["by_type"].Info;
        Assert.Equal((64u, 0u), (info.MaxEntries, info.Flags));
        Assert.Equal((MapType.PerCpuArray, 24u), (loaded.Maps["by_number"].Info.Type, loaded.Maps["by_number"].Info.ValueSize));
        Assert.Equal(24 * PossibleProcessors.Count(LinuxKernel.Instance), loaded.Maps["by_number"].ValueSize);
    }

    [Fact]
    public void One_program_alone_has_the_maps_that_it_uses()
    {
        var spec = Objects.Spec("functions");
        using var loaded = Load(spec, ByLibbpf with { Only = spec.Programs["nested"] });
        Assert.Equal(Magic, Run(loaded.Programs["nested"]));
        Assert.Equal(["nested"], loaded.Programs.Keys);
        Assert.Equal([".bss"], loaded.Maps.Keys);
    }

    [Fact]
    public void A_map_that_is_given_is_used_instead()
    {
        Libbpf.Require();
        Privileged.Require();
        using var numbers = BpfMap.Create(new() { Name = "shared", Type = MapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 8 });
        new Map<uint, ulong>(numbers)[0] = 100;
        using (var loaded = Load(Objects.Spec("functions"), ByLibbpf with { Maps = new Dictionary<string, BpfMap> { ["numbers"] = numbers } }))
        {
            Assert.Same(numbers, loaded.Maps["numbers"]);
            Assert.NotEqual(Magic, Run(loaded.Programs["calls_back"]));
        }

        Assert.Equal(100ul, new Map<uint, ulong>(numbers)[0]);
    }

    [Fact]
    public void A_map_is_pinned_by_its_name_and_taken_from_there()
    {
        Libbpf.Require();
        Privileged.Require();
        using var folder = Maps.BpfFolder.Mount();
        var spec = Objects.Spec("functions");
        spec.Maps["numbers"].PinByName = true;
        uint first;
        using (var loaded = Load(spec, ByLibbpf with { PinFolder = folder.Path }))
        {
            first = loaded.Maps["numbers"].Info.Id;
        }

        using var again = Load(spec, ByLibbpf with { PinFolder = folder.Path });
        using var ours = BpfObject.Load(spec, new() { PinFolder = folder.Path });
        using var apart = Load(spec);
        Assert.Equal((first, first), (again.Maps["numbers"].Info.Id, ours.Maps["numbers"].Info.Id));
        Assert.NotEqual(first, apart.Maps["numbers"].Info.Id);
    }

    [Fact]
    public void What_is_refused_is_told_with_the_log_and_leaves_the_others()
    {
        var spec = Objects.Spec("trace");

        // The object says for people what is in its buffers; the kernel wants other sizes.
        (spec.Maps["declared"].ValueSize, spec.Maps["samples"].ValueSize) = (0, 4);
        var error = Assert.Throws<VerifierException>(() => Load(spec).Dispose());
        Assert.Equal((Errno.Access, "refused"), (error.Errno, error.Program));
        Assert.StartsWith("prog_load refused: EACCES: R1 invalid mem access 'scalar'", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "libbpf: prog 'refused': failed to load: -13 | prog 'refused': BPF program load failed: Permission denied",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("R1 invalid mem access 'scalar'", error.Log);
        using var rest = Load(spec, ByLibbpf with { BestEffort = true, LogLevel = 1 });
        Assert.Equal(["executed", "nowhere"], rest.Programs.Keys);
        var result = rest.Results.Single(r => !r.Loaded);
        Assert.Equal(("refused", error.Message), (result.Program.Name, result.Error?.Message));
        Assert.All(rest.Results, r => Assert.NotEqual(0, r.Instructions));
    }

    [Fact]
    public void A_choice_is_made_with_the_maps_of_all()
    {
        var spec = Objects.Spec("data");
        spec.Programs["writes"].Loads = false;
        var choice = ProgramChoice.AllOf("reads", ProgramChoice.OneOf("there is none", "writes", "optional"));
        using (var loaded = Load(spec, ByLibbpf with { Choice = choice }))
        {
            Assert.Equal(["reads", "writes"], loaded.Programs.Keys);
            Assert.Equal(Magic, Run(loaded.Programs["reads"]));
            Assert.Equal(Magic, Run(loaded.Programs["writes"]));

            // What one has written the other reads.
            Assert.NotEqual(Magic, Run(loaded.Programs["reads"]));
            Assert.Contains("there is none: refused", loaded.Choice!.ToString(), StringComparison.Ordinal);
            Assert.Equal(BpfBackend.Libbpf, loaded.Backend);
        }

        var trace = Objects.Spec("trace");
        (trace.Maps["declared"].ValueSize, trace.Maps["samples"].ValueSize) = (0, 4);
        Assert.Throws<VerifierException>(() => Load(trace, ByLibbpf with { Choice = "executed" }));
        var attached = ByLibbpf with { Attaches = true, BestEffort = true, Choice = ProgramChoice.OneOf(ProgramChoice.AllOf("executed", "nowhere"), "executed") };
        using var rest = Load(trace, attached);
        Assert.Equal(["executed"], rest.Programs.Keys);
        Assert.Equal(["executed"], rest.Links.Keys);
        Assert.Equal(["nowhere", "executed"], rest.Results.Where(r => r.Program.Name != "refused").Select(r => r.Program.Name));
        Assert.Throws<ChoiceException>(() => Load(trace, attached with { Choice = "nowhere" }));
    }

    [Fact]
    public void A_log_that_does_not_fit_is_asked_for_again()
    {
        using var loaded = Load(Objects.Spec("loops"), ByLibbpf with { LogLevel = 2 });
        Assert.Equal(Magic, Run(loaded.Programs["counts"]));
    }

    [Fact]
    public void A_program_takes_the_place_of_a_function_of_another()
    {
        using var loaded = Load(Objects.Spec("functions"));
        var spec = Objects.Spec("replace");
        Assert.NotEqual(Errno.Permission, Assert.ThrowsAny<KernelException>(() => Load(spec)).Errno);
        spec.Programs["replaced"].TargetProgram = loaded.Programs["nested"];
        try
        {
            using var other = Load(spec);
            using var link = Attach.Auto(other.Programs["replaced"]);
            Assert.NotEqual(Magic, Run(loaded.Programs["nested"]));
        }
        catch (KernelException e) when (e.Errno == Errno.Permission)
        {
            Assert.Skip("this kernel lets no program take the place of a function");
        }
    }

    [Fact]
    public void Threads_hear_of_their_own_objects()
    {
        Libbpf.Require();
        Privileged.Require();
        var (good, bad) = (Objects.Bytes("functions"), Objects.Bytes("missing"));
        Parallel.For(0, 64, i =>
        {
            var isGood = i % 2 == 0;
            var spec = ObjectSpec.Parse(isGood ? good : bad, $"number{i}");
            if (isGood)
            {
                using var loaded = BpfObject.Load(spec, ByLibbpf);
                Assert.Equal(2, loaded.Programs.Count);
            }
            else
            {
                var error = Assert.Throws<VerifierException>(() => BpfObject.Load(spec, ByLibbpf));
                Assert.Contains("libbpf: prog 'calls': failed to load", error.Message, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void Types_of_another_kernel_are_given_as_bytes()
    {
        var types = BtfSpec.Parse(File.ReadAllBytes("/sys/kernel/btf/vmlinux"));
        var spec = Objects.Spec("hooks");
        using var by = Load(spec, ByLibbpf with { Only = spec.Programs["by_typed_tracepoint"], KernelTypes = types });
        using var ours = BpfObject.Load(spec, new() { Only = spec.Programs["by_typed_tracepoint"], PinFolder = null });
        Assert.Equal(ours.Results[0].Instructions, by.Results[0].Instructions);
        var none = BtfSpec.Parse(new BtfBuilder().ToBytes());
        Assert.ThrowsAny<BpfException>(() => Load(spec, ByLibbpf with { Only = spec.Programs["by_typed_tracepoint"], KernelTypes = none }).Dispose());
    }

    [Fact]
    public void What_it_cannot_load_is_told_with_what_helps()
    {
        var assembled = new ObjectSpec("assembled", "GPL").Add(new Assembler().Move(Register.R0, 1).Exit().ToProgram("one", "socket"));
        Refused(assembled, ByLibbpf, "libbpf cannot load assembled: it was put together here, and libbpf reads files");
        Refused(Objects.Spec("data"), ByLibbpf with { Kernel = new BlindKernel() }, "libbpf cannot load data: it asks the kernel below by itself");
        Libbpf.Require();
        var spec = Objects.Spec("data");
        spec.Add(new Assembler().Move(Register.R0, 1).Exit().ToProgram("one", "socket"));
        Refused(spec, ByLibbpf, "libbpf finds no such program one in the file of data");
        spec = Objects.Spec("data");
        spec.Maps[".data"].ValueSize += 8192;
        Refused(spec, ByLibbpf, "libbpf cannot change map .data: what a section of data is, and its size, are fixed");
        spec = Objects.Spec("functions");
        spec.Maps["numbers"].Contents.Add(new(new byte[4], new byte[8]));
        Refused(spec, ByLibbpf, "libbpf cannot change map numbers: what stands in it from the beginning is fixed");

        static void Refused(ObjectSpec spec, LoadSettings settings, string text) => Assert.StartsWith(
            text, Assert.Throws<BpfNotSupportedException>(() => BpfObject.Load(spec, settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_tells_its_version()
    {
        Libbpf.Require();
        Assert.True(LibbpfLibrary.IsAvailable);
        Assert.True(LibbpfLibrary.Version >= new Version(1, 0));
    }

    [Fact]
    public void The_managed_one_is_taken_where_it_can()
    {
        Privileged.Require();
        using var loaded = BpfObject.Load(Objects.Spec("functions"), new() { Backend = BpfBackend.Automatic });
        Assert.Equal(BpfBackend.Managed, loaded.Backend);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_structure_of_operations_is_loaded_and_attached_by_libbpf(bool bestEffort)
    {
        Libbpf.Require();
        Privileged.Require();
        using var loaded = BpfObject.Load(Objects.Spec("congestion_none"), new() { Backend = BpfBackend.Libbpf, BestEffort = bestEffort });
        Assert.Equal(BpfBackend.Libbpf, loaded.Backend);
        Assert.Equal(["threshold", "avoid", "undo"], loaded.Programs.Keys);
        Assert.DoesNotContain("weft_none", Known(), StringComparison.Ordinal);
        using (Attach.StructOps(loaded.Maps["weft_none"]))
        {
            Assert.Contains("weft_none", Known(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("weft_none", Known(), StringComparison.Ordinal);

        static string Known() => File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control");
    }

    private static BpfObject Load(ObjectSpec spec, LoadSettings? settings = null)
    {
        Libbpf.Require();
        Privileged.Require();
        return BpfObject.Load(spec, settings ?? ByLibbpf);
    }

    private static uint Run(BpfProgram program) => program.TestRun(new byte[64]).Result;
}
