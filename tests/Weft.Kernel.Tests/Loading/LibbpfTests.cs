using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>
/// The same objects by libbpf and here: the same verdict on each program, and the same instructions. What differs stands in
/// docs/bpf-differences.md.
/// </summary>
public sealed class LibbpfTests
{
    [Theory]
    [InlineData("data.bpf.c")]
    [InlineData("functions.bpf.c")]
    [InlineData("externs.bpf.c", "externs.o: symbols: instruction 12 is 85 00 0000 77541880 here, 85 20 0000 00000000 with libbpf")]
    [InlineData(
        "maps.bpf.c", "maps.o: jumps: libbpf is refused, 9, and this loader is not",
        "maps.o: uses: libbpf is refused, 9, and this loader is not", "maps.o: rest: libbpf is refused, 9, and this loader is not")]
    public void An_object_is_loaded_as_by_libbpf(string file, params string[] known)
    {
        Privileged.Require();
        Libbpf.Require();
        var path = Path.Combine(Directory.CreateTempSubdirectory("weft-bpf-").FullName, file.Split('.')[0] + ".o");
        try
        {
            File.WriteAllBytes(path, Clang.Compile(file));
            Assert.Equal(known, Differences.Of(path));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public void A_folder_of_objects_is_loaded_as_by_libbpf()
    {
        var folder = Environment.GetEnvironmentVariable("WEFT_BPF_CORPUS");
        Assert.SkipWhen(folder is null, "WEFT_BPF_CORPUS names no folder of objects");
        Privileged.Require();
        Libbpf.Require();
        var differences = Directory.GetFiles(folder, "*.o").Order(StringComparer.Ordinal).SelectMany(file => Differences.Of(file)).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join('\n', differences)}");
    }
}
