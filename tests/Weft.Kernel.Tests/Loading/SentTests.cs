using System.Diagnostics;
using System.Text.Json;
using Weft.Kernel.Tests.Maps;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Loading;

/// <summary>What the kernel is given for an object: by <c>weft-agent</c>, and by bpftool, which is libbpf.</summary>
public sealed class SentTests
{
    [Theory]
    [InlineData("data.bpf.c")]
    [InlineData("functions.bpf.c")]
    [InlineData("maps.bpf.c")]
    public async Task The_kernel_is_given_the_same_maps_types_and_instructions(string source)
    {
        Privileged.Require();
        var (tracer, bpftool) = (Peers.Require("ebpfpeer"), Peers.Require("bpftool"));
        using var pins = BpfFolder.Mount();
        using var folder = new TempFolder();
        var file = folder.PathOf(source.Split('.')[0] + ".o");
        await File.WriteAllBytesAsync(file, Clang.Compile(source), TestContext.Current.CancellationToken);
        var theirs = await SentAsync(tracer, folder.PathOf("theirs"), bpftool, "prog", "loadall", file, pins.Of("all"));
        var ours = await SentAsync(tracer, folder.PathOf("ours"), Path.Combine(AppContext.BaseDirectory, "weft-agent"), "bpf", "load", file);

        // Before, libbpf tries what the kernel knows. Afterwards bpftool cannot pin what it need not load.
        Assert.Contains(ours, line => line.StartsWith("PROG_LOAD ", StringComparison.Ordinal));
        Assert.Equal(ours, theirs.Where(line => !IsTried(line)).TakeLast(ours.Count));
    }

    private static bool IsTried(string line) => line.Contains("libbpf_", StringComparison.Ordinal) || line.StartsWith("PROG_LOAD  ", StringComparison.Ordinal);

    private static async Task<List<string>> SentAsync(string tracer, string output, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(tracer, ["trace", "--insns", "--out", output, "--", program, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await error;
        return [.. (await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken)).Select(line => Text(JsonDocument.Parse(line).RootElement))];
    }

    // Not the descriptors, which are numbered as it happens, nor the size of the attributes, nor when the process asks.
    private static string Text(JsonElement call)
    {
        var name = call.TryGetProperty("name", out var given) ? given.GetString() : "";
        var rest = call.EnumerateObject()
            .Where(p => p.Name is not ("bpf" or "name" or "ret" or "attr_size" or "btf_fd" or "prog_btf_fd" or "kern_version" or "inner_map_fd"))
            .Select(p => $"{p.Name} {(p.Name == "insns" ? Instructions(p.Value) : p.Value)}");
        return $"{call.GetProperty("bpf")} {name} {string.Join(", ", rest)}";
    }

    private static string Instructions(JsonElement list) => string.Join("; ", list.EnumerateArray().Select(i => i.GetString()!)
        .Select(i => i.Split(' ') is ["18", _, "1" or "2", _, _] ? i[..^8] : i));
}
