namespace Weft.Kernel.Tests.Agent;

public sealed class VmlinuxTests
{
    [Fact]
    public async Task An_objects_types_become_a_header()
    {
        var run = await AgentRun.With("btf_layouts.bpf.c", false, "bpf", "vmlinux", "--btf", "{file}");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("#ifndef __VMLINUX_H__\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nstruct packed_pair {\n    short a;\n    long b;\n} __attribute__((packed));\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_written_to_a_file_where_one_is_named()
    {
        var target = Path.GetTempFileName();
        try
        {
            var run = await AgentRun.With("btf_layouts.bpf.c", false, "bpf", "vmlinux", "--btf", "{file}", "-o", target);
            Assert.Equal((0, "", ""), (run.Code, run.Output, run.Error));
            Assert.EndsWith("#endif\n", await File.ReadAllTextAsync(target), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(target);
        }
    }

    [Fact]
    public async Task What_is_no_BTF_is_told()
    {
        var run = await AgentRun.Of("bpf", "vmlinux", "--btf", "/proc/self/status");
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith("weft-agent: /proc/self/status", run.Error, StringComparison.Ordinal);
    }
}
