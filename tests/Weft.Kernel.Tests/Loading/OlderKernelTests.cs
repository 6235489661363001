using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Loading;

/// <summary>What of a program older kernels do not know is not what they are given.</summary>
public sealed class OlderKernelTests
{
    [Theory]
    [InlineData(true, new[] { 112, 113, 114, 115, 6 })]
    [InlineData(false, new[] { 4, 4, 45, 45, 6 })]
    public void Memory_is_read_by_the_helpers_that_a_kernel_has(bool isNew, int[] helpers)
    {
        var kernel = new Loading { HasProbeReadKernel = isNew };
        var program = new Assembler();
        foreach (var helper in (int[])[112, 113, 114, 115, 6])
        {
            program = program.Call(helper);
        }

        using var loaded = BpfObject.Load(
            new ObjectSpec("reads", "GPL").Add(program.Exit().ToProgram("reads", "tp/sched/sched_switch")), new() { Kernel = kernel });
        Assert.Equal(helpers, kernel.Code.Where(i => i.IsCall).Select(i => i.Immediate));
        Assert.Equal(kernel.Code, loaded.Results[0].Code);
    }

    [Theory]
    [InlineData(true, "xdp", AttachType.Xdp)]
    [InlineData(false, "xdp", (AttachType)0)]
    [InlineData(false, "cgroup/connect4", AttachType.CgroupInet4Connect)]
    public void Where_it_will_be_attached_is_left_out_where_it_may_be(bool isNew, string section, AttachType wanted)
    {
        var kernel = new Loading { HasAttachTypes = isNew };
        var spec = new ObjectSpec("attached", "GPL").Add(new Assembler().Move(Register.R0, 0).Exit().ToProgram("attached", section));
        using var loaded = BpfObject.Load(spec, new() { Kernel = kernel, BestEffort = true });
        Assert.Equal(wanted, kernel.AttachType);
        Assert.Equal(isNew || wanted == 0, loaded.Results[0].Loaded);
    }

    private sealed class Loading : PassingKernel
    {
        public bool HasProbeReadKernel { get; init; } = true;

        public bool HasAttachTypes { get; init; } = true;

        /// <summary>Of the program that was asked for last.</summary>
        public Instruction[] Code { get; private set; } = [];

        public AttachType AttachType { get; private set; }

        public override unsafe long Bpf(BpfCommand command, Span<byte> attributes)
        {
            if (command != BpfCommand.ProgramLoad)
            {
                return Below.Bpf(command, attributes);
            }

            var given = default(ProgramLoadAttributes);
            attributes.CopyTo(MemoryMarshal.AsBytes(new Span<ProgramLoadAttributes>(ref given)));
            (Code, AttachType) = (new Span<Instruction>(given.Instructions, (int)given.InstructionCount).ToArray(), (AttachType)given.ExpectedAttachType);
            if (!HasProbeReadKernel && Code.Any(i => i.IsCall && i.Immediate is >= 112 and <= 115))
            {
                "invalid func unknown#113\0"u8.CopyTo(new Span<byte>(given.Log, (int)given.LogSize));
                return -Errno.Invalid;
            }

            return AttachType != 0 && !HasAttachTypes ? -Errno.Invalid : Below.EventDescriptor();
        }
    }
}
