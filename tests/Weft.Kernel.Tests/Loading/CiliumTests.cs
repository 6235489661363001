using System.Text.Json;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Loading;

/// <summary>A second opinion: the same objects by cilium/ebpf, program by program.</summary>
public sealed class CiliumTests
{
    [Theory]
    [InlineData("data.bpf.c")]
    [InlineData("maps.bpf.c")]
    [InlineData("functions.bpf.c")]
    [InlineData("missing.bpf.c")]
    public async Task A_program_is_loaded_as_by_cilium(string file)
    {
        var peer = Peers.Require("ebpfpeer");
        Privileged.Require();
        using var folder = new TempFolder();
        var path = folder.PathOf(file.Split('.')[0] + ".o");
        await File.WriteAllBytesAsync(path, Clang.Compile(file), TestContext.Current.CancellationToken);
        var theirs = (await LinesAsync(peer, "load", path)).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(program => (Name: program.GetProperty("name").GetString()!, Loaded: program.GetProperty("loaded").GetBoolean()));
        var spec = ObjectSpec.Open(path);
        var ours = spec.Programs.Values.Select(program => (program.Name, Loaded: IsLoaded(spec, program)));
        Assert.Equal(theirs.Order(), ours.Order());
    }

    private static bool IsLoaded(ObjectSpec spec, ProgramSpec program)
    {
        using var loaded = BpfObject.Load(spec, new() { Only = program, PinFolder = null, BestEffort = true });
        return loaded.Results.Single().Loaded;
    }

    private static async Task<string[]> LinesAsync(string program, params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
