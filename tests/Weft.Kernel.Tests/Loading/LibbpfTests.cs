using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>
/// The same objects by libbpf and here: the same verdict on each program, and the same instructions. What differs stands in
/// docs/bpf-differences.md.
/// </summary>
public sealed class LibbpfTests
{
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
