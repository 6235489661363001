using System.Text;
using Microsoft.Extensions.Time.Testing;
using Weft.Manifests;

namespace Weft.Tests.Manifests;

public sealed class FolderSourceTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-folder-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        Directory.Delete(_folder, recursive: true);
        _stop.Dispose();
    }

    [Fact]
    public async Task Files_are_published_in_order_with_their_paths()
    {
        Write("b.yaml", "b");
        Write("a.json", "a");
        Write("c.yml", "c");
        string[] others = [".x.yaml", ".#x.yaml", "x.yaml~", ".x.yaml.swp", "4913", "x.txt", ".git/x.yaml", "sub/x.yaml"];
        foreach (var ignored in others)
        {
            Write(ignored, "no");
        }

        var source = Start();
        Assert.Equal("a.json=a b.yaml=b c.yml=c", await Until(source, s => s.Loaded));
    }

    [Fact]
    public async Task A_change_a_new_file_and_a_deleted_file_are_seen()
    {
        Write("a.yaml", "1");
        var source = Start();
        await Until(source, s => s.Loaded);
        Write("a.yaml", "2");
        Assert.Equal("a.yaml=2", await Until(source, s => Text(s) != "a.yaml=1"));
        Write("b.yaml", "3");
        Assert.Equal("a.yaml=2 b.yaml=3", await Until(source, s => Text(s).Contains("b.yaml=3")));
        File.Delete(Path.Combine(_folder, "a.yaml"));
        Assert.Equal("b.yaml=3", await Until(source, s => !Text(s).Contains("a.yaml")));
    }

    [Fact]
    public async Task A_file_that_is_renamed_over_is_seen_though_size_and_time_are_the_same()
    {
        Write("a.yaml", "1");
        var old = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.yaml"), old);
        var source = Start();
        await Until(source, s => s.Loaded);
        Write("a.new", "2");
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.new"), old);
        File.Move(Path.Combine(_folder, "a.new"), Path.Combine(_folder, "a.yaml"), overwrite: true);
        Assert.Equal("a.yaml=2", await Until(source, s => Text(s) != "a.yaml=1"));
    }

    [Fact]
    public async Task A_mounted_ConfigMap_is_seen_to_turn()
    {
        // Kubernetes writes a new folder and turns the link ..data to it by a rename.
        Write("..1/a.yaml", "1");
        Write("..2/a.yaml", "2");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        File.CreateSymbolicLink(Path.Combine(_folder, "a.yaml"), "..data/a.yaml");
        var source = Start();
        Assert.Equal("a.yaml=1", await Until(source, s => s.Loaded));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..2");
        Directory.Move(Path.Combine(_folder, "..data"), Path.Combine(_folder, "..old"));
        Directory.Move(Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data"));
        Assert.Equal("a.yaml=2", await Until(source, s => Text(s) == "a.yaml=2"));
    }

    [Fact]
    public async Task Links_in_a_circle_come_to_an_end()
    {
        Write("a.yaml", "1");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "loop"), _folder);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "other"), "loop");
        Assert.Equal("a.yaml=1", await Until(Start(), s => s.Loaded));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_an_error_until_it_does()
    {
        var missing = Path.Combine(_folder, "later");
        var source = Start(missing);
        await Until(source, s => s.Loaded);
        Assert.Equal($"{missing}: error WEFT1001", $"{source.Snapshot.Value.Diagnostics.Single()}".Split(": The")[0]);
        Write("later/a.yaml", "1");
        await Until(source, s => s.Diagnostics.IsEmpty && s.Files.Length == 1);
    }

    [Fact]
    public async Task A_folder_that_vanishes_keeps_its_files_until_it_is_back()
    {
        Write("in/a.yaml", "1");
        var source = Start(Path.Combine(_folder, "in"));
        await Until(source, s => s.Loaded);
        Directory.Move(Path.Combine(_folder, "in"), Path.Combine(_folder, "away"));
        await Until(source, s => !s.Diagnostics.IsEmpty);
        Assert.Equal("WEFT1001", source.Snapshot.Value.Diagnostics[0].Code);
        Assert.Equal("1", Content(Assert.Single(source.Snapshot.Value.Files)));
        Write("in/b.yaml", "2");
        await Until(source, s => s.Diagnostics.IsEmpty && s.Files.Length == 1 && Content(s.Files[0]) == "2");
        Write("in/b.yaml", "3");
        await Until(source, s => Content(s.Files[0]) == "3");
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_cannot_be_read_is_an_error_of_its_own()
    {
        Write("a.yaml", new string('#', (4 << 20) + 1));
        File.CreateSymbolicLink(Path.Combine(_folder, "b.yaml"), "b.yaml");
        Write("c.yaml", "1");
        var source = Start();
        await Until(source, s => s.Loaded);
        Assert.Equal(
            ["a.yaml WEFT1003", "b.yaml WEFT1002", "c.yaml "],
            source.Snapshot.Value.Files.Select(f => $"{Path.GetFileName(f.Path)} {f.Error?.Code}"));
    }

    [Fact]
    public void A_folder_of_too_many_files_is_read_in_part()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            Write(name + ".yaml", name);
        }

        var listing = Weft.Manifests.Folders.FolderListing.Of(_folder, maxFiles: 2);
        Assert.Equal(["a.yaml", "b.yaml"], listing.Files.Select(f => Path.GetFileName(f.Path)));
        Assert.Equal($"{_folder} WEFT1019", $"{listing.Errors.Single().Where} {listing.Errors.Single().Code}");
    }

    [Fact]
    public async Task The_same_folder_given_twice_is_read_once()
    {
        Write("a.yaml", "1");
        Assert.Equal("a.yaml=1", await Until(Start(_folder, _folder + "/"), s => s.Loaded));
    }

    [Fact]
    public async Task Writing_the_same_content_again_publishes_nothing()
    {
        Write("a.yaml", "1");
        var source = Start();
        await Until(source, s => s.Loaded);
        var seen = new List<string>();
        var watching = Until(source, s =>
        {
            seen.Add(Text(s));
            return s.Files.Length == 2;
        });
        Write("a.yaml", "1");
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.yaml"), DateTime.UtcNow.AddMinutes(-1));
        Write("b.yaml", "2");
        await watching;
        Assert.Equal(["a.yaml=1", "a.yaml=1 b.yaml=2"], seen);
    }

    [Fact]
    public async Task Polling_finds_what_no_event_told()
    {
        // A watcher does not follow a link out of the folder. The new file has the old one's size and time; the
        // clock is far ahead, so that nothing is opened for being fresh.
        var outside = Directory.CreateTempSubdirectory("weft-outside-").FullName;
        try
        {
            var (target, next) = (Path.Combine(outside, "a"), Path.Combine(outside, "b"));
            await File.WriteAllTextAsync(target, "1", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(next, "2", TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(next, File.GetLastWriteTimeUtc(target));
            File.CreateSymbolicLink(Path.Combine(_folder, "a.yaml"), target);
            var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(1));
            var source = new FolderSource([_folder], time);
            _running = source.RunAsync(_stop.Token);
            await Until(source, s => s.Loaded);
            File.Move(next, target, overwrite: true);
            var changed = Until(source, s => Text(s) == "a.yaml=2");
            while (!changed.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            await changed;
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public async Task A_pipe_is_not_opened()
    {
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder, "a.yaml")]);
        await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, mkfifo.ExitCode);
        var source = Start();
        await Until(source, s => s.Loaded);
        Assert.Equal("WEFT1002", Assert.Single(source.Snapshot.Value.Files).Error?.Code);
    }

    private static string Content(FolderFile file) => Encoding.UTF8.GetString(file.Content.AsSpan());

    private FolderSource Start(params string[] folders)
    {
        var source = new FolderSource(folders.Length == 0 ? [_folder] : [.. folders], TimeProvider.System);
        _running = source.RunAsync(_stop.Token);
        return source;
    }

    // By renaming, so that no reader sees a file that is half written.
    private void Write(string path, string content)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full + ".tmp", content);
        File.Move(full + ".tmp", full, overwrite: true);
    }

    private string Text(FolderSnapshot snapshot) =>
        string.Join(' ', snapshot.Files.Select(f => $"{Path.GetRelativePath(_folder, f.Path)}={Content(f)}"));

    private async Task<string> Until(FolderSource source, Func<FolderSnapshot, bool> isReached)
    {
        await foreach (var snapshot in source.Snapshot.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (isReached(snapshot))
            {
                return Text(snapshot);
            }
        }

        return "";
    }
}
