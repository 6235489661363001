using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Maps;

public sealed class ProgramInfoTests
{
    [Fact]
    public void A_program_is_run_and_tells_what_it_returned_and_how_often_it_ran()
    {
        Privileged.Require();
        using var program = Programs.Returning(42, ProgramType.SocketFilter);
        using (RunStatistics.Enable())
        {
            var run = program.TestRun(new byte[64], repeat: 1000);
            Assert.Equal(42u, run.Result);
            Assert.Equal(64, run.Data.Length);
        }

        var info = program.Info;
        Assert.Equal((ProgramType.SocketFilter, "t_returning"), (info.Type, info.Name));
        Assert.Equal(16, info.Tag.Length);
        Assert.True(info.MachineSize > 0 && info.TranslatedSize >= 16 && info.VerifiedInstructions == 2 && info.IsGplCompatible);
        Assert.True(info.LoadedAt > TimeSpan.Zero && info.Memory > 0);
        Assert.Equal(1000ul, info.RunCount);
        Assert.Empty(info.Maps);
        Assert.Equal(Codes.Exit, program.ReadTranslated()[^1].Code);
    }

    [Fact]
    public void A_raw_tracepoint_is_run_with_its_arguments_and_what_does_not_fit_is_refused()
    {
        Privileged.Require();
        using var program = Programs.Returning(7, ProgramType.RawTracepoint);
        Assert.Equal(7u, program.TestRun(context: new byte[16]).Result);
        var error = Assert.Throws<KernelException>(() => program.TestRun(new byte[64]));
        Assert.Equal((Errno.Invalid, "test_run t_returning"), (error.Errno, error.Stage));
        using var probe = Programs.Returning(0, ProgramType.Tracepoint);
        error = Assert.Throws<KernelException>(() => probe.TestRun(new byte[64]));
        Assert.Contains("cannot run a Tracepoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_call_program_changes_a_copy_of_its_context()
    {
        Privileged.Require();

        // *(u32 *)(r1 + 4) = 7
        Instruction[] instructions = [new(0x62, 1, offset: 4, immediate: 7), TinyProgram.Move(0, 0), new(Codes.Exit)];
        var result = TinyProgram.Load(LinuxKernel.Instance, ProgramType.Syscall, instructions, new() { Flags = 1 << 4 });
        using var program = new BpfProgram(
            LinuxKernel.Instance, BpfDescriptor.Of(LinuxKernel.Instance, result, "load"), "t_syscall", ProgramType.Syscall, 0, "", null);
        var context = new byte[8];
        var run = program.TestRun(context: context);
        Assert.Equal([0, 0, 0, 0, 7, 0, 0, 0], run.Context.ToArray());
        Assert.Equal(new byte[8], context);
    }

    [Fact]
    public void Objects_of_the_kernel_are_listed_and_opened_by_id()
    {
        Privileged.Require();
        using var map = BpfMap.Create(new() { Name = "t_listed", Type = MapType.Hash, KeySize = 4, ValueSize = 4, MaxEntries = 8 });
        using var program = Programs.Returning(1, ProgramType.SocketFilter);
        Assert.Contains(map.Info.Id, KernelObjects.Maps());
        Assert.Contains(program.Info.Id, KernelObjects.Programs());
        Assert.NotEmpty(KernelObjects.Types());
        _ = KernelObjects.Links().ToList();
        Assert.Equal("t_listed", KernelObjects.MapInfos().Single(i => i.Id == map.Info.Id).Name);
        Assert.Equal("t_returning", KernelObjects.ProgramInfos().Single(i => i.Id == program.Info.Id).Name);
        using var opened = BpfProgram.OpenById(program.Info.Id);
        Assert.Equal(ProgramType.SocketFilter, opened.Type);
        Assert.Equal(Errno.NoEntry, Assert.Throws<KernelException>(() => BpfMap.OpenById(uint.MaxValue)).Errno);
        Assert.Equal(Errno.NoEntry, Assert.Throws<KernelException>(() => BpfProgram.OpenById(uint.MaxValue)).Errno);
    }

    [Fact]
    public void Listing_without_the_right_says_what_is_missing()
    {
        var error = Assert.Throws<KernelException>(() => KernelObjects.Maps(new OldKernel { Refusal = Errno.Permission }).ToList());
        Assert.Contains("CAP_SYS_ADMIN", error.Message, StringComparison.Ordinal);
    }
}
