using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

public sealed class ChoiceTests
{
    [Fact]
    public void The_first_that_the_kernel_takes_is_taken_and_those_before_say_why_they_are_not()
    {
        Privileged.Require();
        using var loaded = Load(ProgramChoice.OneOf("bad", "good", "other"));
        Assert.Equal(["good"], loaded.Programs.Keys);
        Assert.Equal(["bad", "good"], loaded.Choice!.Parts.Select(p => p.What));
        Assert.Contains("bad: refused (prog_load bad: EACCES", loaded.Choice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_or_none()
    {
        Privileged.Require();
        using var both = Load(ProgramChoice.AllOf("good", "other"));
        Assert.Equal(["good", "other"], both.Programs.Keys);
        using var second = Load(ProgramChoice.OneOf(ProgramChoice.AllOf("good", "bad"), "other"));
        Assert.Equal(["other"], second.Programs.Keys);
        Assert.Equal([("good", false), ("bad", false), ("other", true)], second.Results.Select(r => (r.Program.Name, r.Loaded)).OrderBy(r => r.Name switch { "good" => 0, "bad" => 1, _ => 2 }));
        using var again = Load(ProgramChoice.OneOf(ProgramChoice.AllOf("good", "bad"), "good"));
        Assert.Equal([("bad", false), ("good", true)], again.Results.Select(r => (r.Program.Name, r.Loaded)));
        var error = Assert.Throws<ChoiceException>(() => Load(ProgramChoice.AllOf("good", "bad")));
        Assert.False(error.Report.IsTaken);
    }

    [Fact]
    public void As_many_as_the_kernel_takes()
    {
        Privileged.Require();
        using var some = Load(ProgramChoice.BestEffort("bad", "good", "unknown"));
        Assert.Equal(["good"], some.Programs.Keys);
        Assert.Equal([false, true, false], some.Choice!.Parts.Select(p => p.IsTaken));
    }

    [Fact]
    public void What_is_loaded_and_cannot_be_attached_is_not_taken()
    {
        Privileged.Require();
        var spec = new ObjectSpec("chosen", "GPL").Add(Program("nowhere", "raw_tp/there_is_no_such_tracepoint")).Add(Program("somewhere", "raw_tp/sched_switch"));
        using var loaded = BpfObject.Load(spec, new() { Choice = ProgramChoice.OneOf("nowhere", "somewhere"), Attaches = true });
        Assert.Equal(["somewhere"], loaded.Programs.Keys);
        Assert.Equal(["somewhere"], loaded.Links.Keys);
        Assert.IsType<KernelException>(loaded.Choice!.Parts[0].Error);
    }

    private static BpfObject Load(ProgramChoice choice)
    {
        var spec = new ObjectSpec("chosen", "GPL").Add(new Assembler().Exit().ToProgram("bad", "socket"))
            .Add(Program("good", "socket")).Add(Program("other", "xdp"));
        foreach (var program in spec.Programs.Values)
        {
            program.Loads = false;
        }

        return BpfObject.Load(spec, new() { Choice = choice });
    }

    private static ProgramSpec Program(string name, string section) =>
        new Assembler().Move(Register.R0, 0).Exit().ToProgram(name, section);
}
