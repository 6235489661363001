using System.Text;

namespace Weft.Kernel.Tests.Guests;

public sealed class GuestConsoleTests
{
    [Fact]
    public void Checks_are_found_among_the_lines_of_the_kernel()
    {
        var console = GuestConsole.Parse("[ 0.1] Linux\r\n\r\nok a\r\n[ 0.2] ok\r\nnot ok b: why\r\nskip c: old\r\ndone 1 1 1\r\n");
        Assert.True(console.IsWhole);
        Assert.Equal((1, "not ok b: why", "skip c: old"), (console.Passed, Assert.Single(console.Failed), Assert.Single(console.Skipped)));
        Assert.Equal("not ok b: why", console.Why);
    }

    [Fact]
    public void A_machine_that_died_is_not_whole_and_its_last_lines_are_shown()
    {
        var console = GuestConsole.Parse("ok a\r\nKernel panic\r\n");
        Assert.False(console.IsWhole);
        Assert.EndsWith("ok a\nKernel panic", console.Why, StringComparison.Ordinal);
        Assert.False(GuestConsole.Parse("ok a\r\ndone 2 0 0\r\n").IsWhole);
    }

    [Fact]
    public void An_archive_has_folders_before_files_and_everything_at_multiples_of_four()
    {
        using var stream = new MemoryStream();
        var archive = new CpioArchive(stream);
        archive.File("a/b/c", "12345"u8);
        archive.Device("a/d", 5, 1);
        archive.End();

        var names = new List<(string Name, int Size)>();
        var bytes = stream.ToArray();
        for (var at = 0; at < bytes.Length;)
        {
            Assert.Equal("070701", Encoding.ASCII.GetString(bytes, at, 6));
            var (size, length) = (Field(6), Field(11));
            names.Add((Encoding.ASCII.GetString(bytes, at + 110, length - 1), size));
            at = Up(at + 110 + length);
            at = Up(at + size);

            int Field(int index) => Convert.ToInt32(Encoding.ASCII.GetString(bytes, at + 6 + (index * 8), 8), 16);
        }

        Assert.Equal([("a", 0), ("a/b", 0), ("a/b/c", 5), ("a/d", 0), ("TRAILER!!!", 0)], names);
    }

    private static int Up(int position) => (position + 3) & ~3;
}
