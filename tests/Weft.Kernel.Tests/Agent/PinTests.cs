using System.Text.Json;
using Weft.Bpf;
using Weft.Kernel.Tests.Maps;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

public sealed class PinTests
{
    [Fact]
    public async Task An_object_outlives_the_process_until_it_is_unpinned()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();
        var place = folder.Of("it");
        var run = await AgentRun.With("pinned.bpf.c", false, "bpf", "pin", "--json", "--attach", "{file}", "--to", place);
        Assert.Equal((0, ""), (run.Code, run.Error));
        var pins = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Select(p => p.GetProperty("path").GetString()!).ToList();
        Assert.Equal(pins.Order(), Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Order());
        Assert.Equal(["links", "maps", "programs"], Directory.EnumerateDirectories(place).Select(Path.GetFileName).Order());
        Assert.Equal([place], Entries(folder));
        var link = pins.First(p => p.Contains("/links/", StringComparison.Ordinal));
        Assert.Contains(KernelObjects.LinkInfos(), l => l.Id == PinnedObject.Look(link).Id);

        var again = await AgentRun.With("pinned.bpf.c", false, "bpf", "pin", "{file}", "--to", place);
        Assert.Equal(1, again.Code);
        Assert.Contains("is there already", again.Error, StringComparison.Ordinal);

        var removed = await AgentRun.Of("bpf", "unpin", place);
        Assert.Equal((0, ""), (removed.Code, removed.Error));
        Assert.StartsWith("removed link ", removed.Output, StringComparison.Ordinal);
        Assert.Equal(pins.Count, removed.Output.Count(c => c == '\n'));
        Assert.Empty(Entries(folder));
    }

    [Fact]
    public async Task Where_one_program_cannot_be_attached_nothing_is_pinned()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();

        // Its programs are loaded, and their sections do not say to which interface.
        var run = await AgentRun.With("functions.bpf.c", false, "bpf", "pin", "--attach", "{file}", "--to", folder.Of("it"));
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("nothing is pinned", run.Error, StringComparison.Ordinal);
        Assert.Empty(Entries(folder));
    }

    [Fact]
    public async Task A_folder_that_is_of_no_BPF_file_system_is_told()
    {
        Privileged.Require();
        var folder = Directory.CreateTempSubdirectory("weft-pin-");
        try
        {
            var run = await AgentRun.With("functions.bpf.c", false, "bpf", "pin", "{file}", "--to", Path.Combine(folder.FullName, "it"));
            Assert.Equal((1, ""), (run.Code, run.Output));
            Assert.Contains("not on a BPF file system", run.Error, StringComparison.Ordinal);
            Assert.Empty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_is_no_pin_is_not_removed()
    {
        Privileged.Require();
        var folder = Directory.CreateTempSubdirectory("weft-pin-");
        try
        {
            var file = Path.Combine(folder.FullName, "text");
            await File.WriteAllTextAsync(file, "kept");
            foreach (var path in new[] { file, folder.FullName })
            {
                var run = await AgentRun.Of("bpf", "unpin", path);
                Assert.Equal((1, ""), (run.Code, run.Output));
                Assert.Contains("it is no pin", run.Error, StringComparison.Ordinal);
            }

            Assert.Equal("kept", await File.ReadAllTextAsync(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_mounted_file_system_is_not_emptied()
    {
        Privileged.Require();
        using var folder = BpfFolder.Mount();
        Assert.Equal(0, (await AgentRun.With("functions.bpf.c", false, "bpf", "pin", "{file}", "--to", folder.Of("it"))).Code);
        var run = await AgentRun.Of("bpf", "unpin", folder.Path);
        Assert.Equal(1, run.Code);
        Assert.Contains("a file system is mounted at", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await AgentRun.Of("bpf", "unpin", folder.Of("it"))).Code);
    }

    // The kernel itself has two iterators there.
    private static IEnumerable<string> Entries(BpfFolder folder) =>
        Directory.EnumerateFileSystemEntries(folder.Path).Where(e => !e.EndsWith(".debug", StringComparison.Ordinal));
}
