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
    [InlineData("maps_alone.bpf.c")]
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

    /// <summary>
    /// More objects may be put into a folder that <c>WEFT_BPF_CORPUS</c> names, and another kernel's types into a file that
    /// <c>WEFT_BPF_TYPES</c> names.
    /// </summary>
    [Fact]
    public void Folders_of_objects_are_loaded_as_by_libbpf()
    {
        Privileged.Require();
        Libbpf.Require();
        var own = Directory.CreateTempSubdirectory("weft-bpf-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(own, "data.o"), Clang.Compile("data.bpf.c"));
            string[] folders = [own, .. Environment.GetEnvironmentVariable("WEFT_BPF_CORPUS") is { } more ? (string[])[more] : []];
            var types = Environment.GetEnvironmentVariable("WEFT_BPF_TYPES");
            var files = folders.SelectMany(f => Directory.GetFiles(f, "*.o")).Order(StringComparer.Ordinal);
            var differences = files.SelectMany(file => Differences.Of(file, types)).ToList();
            Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join('\n', differences)}");
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }
}
