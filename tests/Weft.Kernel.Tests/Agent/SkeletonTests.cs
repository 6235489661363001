using Weft.Kernel.Tests.Bindings;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

public sealed class SkeletonTests
{
    [Fact]
    public async Task A_skeleton_compiles_as_it_is_printed()
    {
        var run = await AgentRun.With("trace.bpf.c", false, "bpf", "skeleton", "{file}", "--namespace", "Tools.Bpf");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("namespace Tools.Bpf;\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("internal sealed class Trace : ", run.Output, StringComparison.Ordinal);
        Assert.Empty(Compiled.Faults(run.Output));
    }

    [Fact]
    public async Task It_is_written_into_a_file_and_refuses_what_is_no_object()
    {
        using var file = new ObjectOnDisk(Clang.Compile("maps.bpf.c"), "maps");
        var target = Path.ChangeExtension(file.Path, ".cs");
        Assert.Equal(new(0, "", ""), await AgentRun.Of("bpf", "skeleton", file.Path, "--class", "Tables", "-o", target));
        Assert.Contains("class Tables", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var run = await AgentRun.Of("bpf", "skeleton", target);
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"weft-agent: {target}: ", run.Error, StringComparison.Ordinal);
        run = await AgentRun.Of("bpf", "skeleton", file.Path, "--class", "int");
        Assert.Equal((2, "weft-agent: 'int' is no name of a class\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task An_object_for_another_order_of_bytes_is_refused()
    {
        var run = await AgentRun.With("maps.bpf.c", true, "bpf", "skeleton", "{file}");
        Assert.Equal(1, run.Code);
        Assert.Contains("compile with -target bpfel", run.Error, StringComparison.Ordinal);
    }
}
