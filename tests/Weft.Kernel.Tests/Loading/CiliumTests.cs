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
        var theirs = await LoadedAsync(peer, path);
        var spec = ObjectSpec.Open(path);
        var ours = spec.Programs.Values.Select(program => (program.Name, Loaded: IsLoaded(spec, program)));
        Assert.Equal(theirs.Order(), ours.Order());
    }

    /// <summary>What cilium/ebpf loads is loaded here, too. <c>WEFT_BPF_CORPUS</c> names a folder of more objects.</summary>
    [Fact]
    public async Task What_cilium_loads_of_a_folder_is_loaded()
    {
        var peer = Peers.Require("ebpfpeer");
        Privileged.Require();
        using var own = new TempFolder();
        await File.WriteAllBytesAsync(own.PathOf("data.o"), Clang.Compile("data.bpf.c"), TestContext.Current.CancellationToken);
        string[] folders = [own.Path, .. Environment.GetEnvironmentVariable("WEFT_BPF_CORPUS") is { } more ? (string[])[more] : []];
        var differences = new List<string>();
        var count = 0;
        foreach (var path in folders.SelectMany(folder => Directory.GetFiles(folder, "*.o")).Order(StringComparer.Ordinal))
        {
            var theirs = (await LoadedAsync(peer, path)).Where(p => p.Loaded).Select(p => p.Name).ToList();
            count += theirs.Count;
            differences.AddRange(NotLoaded(path, theirs).Select(name => $"{Path.GetFileName(path)}: {name}"));
        }

        Assert.NotEqual(0, count);
        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ\n{string.Join('\n', differences)}");
    }

    // One that is not opened has a line of its own, without the name of a program.
    private static async Task<List<(string Name, bool Loaded)>> LoadedAsync(string peer, string path) =>
        [.. (await LinesAsync(peer, "load", path)).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(program => program.TryGetProperty("name", out _))
            .Select(program => (program.GetProperty("name").GetString()!, program.GetProperty("loaded").GetBoolean()))];

    private static IEnumerable<string> NotLoaded(string path, List<string> names)
    {
        try
        {
            var spec = ObjectSpec.Open(path);
            return [.. names.Where(name => !spec.Programs.TryGetValue(name, out var program) || !IsLoaded(spec, program))];
        }
        catch (BpfFormatException e)
        {
            return names.Count == 0 ? [] : [$"not opened: {e.Message}"];
        }
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
