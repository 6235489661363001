using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Loading;

/// <summary>What a program says that it is attached to, as the kernel gets it.</summary>
public sealed class AttachTargetTests
{
    [Theory]
    [InlineData("fentry/do_unlinkat", "do_unlinkat", BtfKind.Function)]
    [InlineData("fexit/do_unlinkat", "do_unlinkat", BtfKind.Function)]
    [InlineData("fmod_ret/security_file_open", "security_file_open", BtfKind.Function)]
    [InlineData("lsm/file_open", "bpf_lsm_file_open", BtfKind.Function)]
    [InlineData("lsm_cgroup/socket_bind", "bpf_lsm_socket_bind", BtfKind.Function)]
    [InlineData("tp_btf/sys_enter", "btf_trace_sys_enter", BtfKind.Typedef)]
    [InlineData("iter/task", "bpf_iter_task", BtfKind.Function)]
    public void The_type_is_that_of_the_target(string section, string name, BtfKind kind)
    {
        var bytes = LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux");
        Assert.SkipWhen(bytes is null, "this kernel shows no BTF");
        var types = BtfSpec.Parse(bytes);
        Assert.SkipWhen(types.FindId(name, kind) == 0, $"this kernel has no {name}");
        var kernel = new Loaded();
        using var loaded = BpfObject.Load(
            new ObjectSpec("attached", "GPL").Add(new Assembler().Exit().ToProgram("attached", section)), new() { Kernel = kernel });
        Assert.Equal((name, kind, 0u), (types.NameOf(kernel.AttachType), types.KindOf(kernel.AttachType), kernel.AttachTarget));
    }

    private sealed class Loaded : PassingKernel
    {
        public uint AttachType { get; private set; }

        public uint AttachTarget { get; private set; }

        public override long Bpf(BpfCommand command, Span<byte> attributes)
        {
            if (command != BpfCommand.ProgramLoad)
            {
                return Below.Bpf(command, attributes);
            }

            var whole = new byte[128];
            attributes.CopyTo(whole);
            (AttachType, AttachTarget) = (BitConverter.ToUInt32(whole, 108), BitConverter.ToUInt32(whole, 112));
            return Below.EventDescriptor();
        }
    }
}
