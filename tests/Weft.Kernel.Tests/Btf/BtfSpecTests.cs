using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Btf;

public sealed class BtfSpecTests
{
    [Fact]
    public void The_kernels_types_are_found_by_name_and_kind()
    {
        var bytes = LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux");
        Assert.SkipWhen(bytes is null, "this kernel shows no BTF");
        var types = BtfSpec.Parse(bytes);
        var task = types.Find<BtfComposite>("task_struct", BtfKind.Struct);
        Assert.NotNull(task);
        Assert.Contains(task.Members, m => m.Name == "pid");
        Assert.Equal(task.Size, types.SizeOf(task.Id));
        Assert.Contains(task.Id, types.FindFlavours("task_struct"));
        Assert.Equal("task_struct", BtfName.Essential("task_struct___v2"));
        for (var id = types.FirstId; id < types.EndId; id++)
        {
            Assert.Equal(id, types.Get(id).Id);
        }
    }
}
