using Weft.Flow;
using Weft.Manifests;

namespace Weft.Tests.Manifests;

public sealed class ManifestSourceTests
{
    private const string Service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n";

    [Fact]
    public async Task Nothing_is_loaded_before_the_first_reading_and_everything_after_it()
    {
        var files = new Latest<FolderSnapshot>(FolderSnapshot.NotRead);
        var source = new ManifestSource(files, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = source.RunAsync(stop.Token);
        var before = source.Snapshot.Current;
        Assert.False(before.Value.Loaded);
        files.Set(FolderSnapshot.Of([FolderFile.Of("a.yaml", [.. System.Text.Encoding.UTF8.GetBytes(Service)])], []));
        await before.Replaced.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(source.Snapshot.Value.Loaded);
        Assert.Equal("default/a", Assert.Single(source.Snapshot.Value.Objects.Services).Name.ToString());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void A_folder_is_read_once_for_a_check()
    {
        var folder = Directory.CreateTempSubdirectory("weft-check-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.yaml"), Service);
            File.WriteAllText(Path.Combine(folder, "b.yaml"), Service);
            var snapshot = ManifestSource.Read([folder], TimeProvider.System);
            Assert.Single(snapshot.Objects.Services);
            var twice = Assert.Single(snapshot.Diagnostics);
            Assert.Equal("WEFT1016", twice.Code);
            Assert.Equal($"{folder}/b.yaml:1:1", twice.Where!.ToString());
            Assert.Contains($"{folder}/a.yaml:1:1", twice.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
