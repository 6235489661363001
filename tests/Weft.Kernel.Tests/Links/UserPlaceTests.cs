using Weft.Bpf;

namespace Weft.Kernel.Tests.Links;

public sealed class UserPlaceTests
{
    private const int Inputs = 20_000;
    private const int Seed = 4711;

    [Theory]
    [InlineData("/bin/sh:main", "/bin/sh", "main", 0)]
    [InlineData("/bin/sh:main+0x10", "/bin/sh", "main", 16)]
    [InlineData("/a:b:main+10", "/a:b", "main", 10)]
    [InlineData("/bin/sh:0x4710", "/bin/sh", null, 0x4710)]
    public void A_place_is_read(string text, string path, string? symbol, ulong offset) =>
        Assert.Equal(new UserPlace(path, symbol, offset), UserPlace.Parse(text));

    [Theory]
    [InlineData("main")]
    [InlineData("/bin/sh:")]
    [InlineData("/bin/sh:main+x")]
    [InlineData("/bin/sh:4711x")]
    public void What_is_no_place_is_refused(string text) => Assert.Throws<BpfFormatException>(() => UserPlace.Parse(text));

    [Theory]
    [InlineData("global", 0x10)]
    [InlineData("bal", 0x20)]
    [InlineData("versioned", 0x30)]
    [InlineData("both", 0x50)]
    [InlineData("indirect", 0x90)]
    public void A_function_is_found_by_its_name_or_its_end_and_a_global_one_hides_others(string name, ulong offset) =>
        Assert.Equal(offset, Find(TinyExecutable.Bytes(), name));

    [Fact]
    public void A_function_that_is_not_there_or_twice_is_told_so()
    {
        Assert.Throws<KernelException>(() => Find(TinyExecutable.Bytes(), "lobal"));
        Assert.Throws<KernelException>(() => Find(TinyExecutable.Bytes(), "data"));
        Assert.Throws<BpfFormatException>(() => Find(TinyExecutable.Bytes(), "twice"));
        Assert.Throws<BpfFormatException>(() => Find([1, 2, 3], "main"));
    }

    [Fact]
    public void A_damaged_executable_gives_an_offset_or_one_exception()
    {
        var random = new Random(Seed);
        var good = TinyExecutable.Bytes();
        var (found, refused) = (0, 0);
        for (var input = 0; input < Inputs; input++)
        {
            var bytes = good[..(random.Next(10) == 0 ? random.Next(good.Length) : good.Length)];
            for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next() };
            }

            try
            {
                Find(bytes, "global");
                found++;
            }
            catch (BpfException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"input {input} of seed {Seed}: {e}");
            }
        }

        Assert.True(found > Inputs / 10 && refused > Inputs / 10, $"{found} found, {refused} refused");
    }

    private static ulong Find(byte[] content, string name)
    {
        var kernel = new FakeKernel { Files = _ => "", Content = content };
        return new UserPlace("/file", name).FindOffset(kernel, "uprobe");
    }
}
