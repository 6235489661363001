using System.Text;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Loading;

/// <summary>
/// The same objects by libbpf and here: the same verdict on each program, and the same instructions. What differs stands in
/// docs/bpf-differences.md; <c>WEFT_WRITE_DOCS=1</c> writes the table of these objects there.
/// </summary>
public sealed class LibbpfTests
{
    private const string Begin = "<!-- what a test has found: begin -->\n";
    private const string End = "<!-- what a test has found: end -->\n";

    // Of which the table tells.
    private static readonly Version Told = new(1, 1);

    private static string Document => Path.Combine(RepositoryRoot.Path, "docs", "bpf-differences.md");

    [Fact]
    public void The_page_of_differences_tells_what_is_found()
    {
        Require();
        Assert.SkipUnless(LibbpfLibrary.Version == Told, $"the page tells of libbpf {Told}, and here is {LibbpfLibrary.Version}");
        var page = File.ReadAllText(Document);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= Begin.Length && end >= begin, $"{Document} has no place for the table");
        var wanted = Table(OfAll(BpfBackend.Managed));
        if (Environment.GetEnvironmentVariable("WEFT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Document, page[..begin] + wanted + page[end..]);
        }
        else
        {
            Assert.True(page[begin..end] == wanted, $"{Document} is not what is found; WEFT_WRITE_DOCS=1 writes it anew:\n{wanted}");
        }
    }

    // Without the maps that a program does not use: they cannot be made, or hold what is not loaded.
    [Fact]
    public void What_libbpf_loads_for_us_it_loads_as_for_itself()
    {
        Require();
        Assert.Equal(
            [
                "maps: uses: libbpf EBADF, here loaded", "maps: rest: libbpf EBADF, here loaded",
                "trace: nowhere: libbpf EINVAL, here loaded", "trace: refused: libbpf EINVAL, here EACCES",
            ],
            OfAll(BpfBackend.Libbpf).Select(d => d.ToString()));
    }

    /// <summary>
    /// Objects may be put into a folder that <c>WEFT_BPF_CORPUS</c> names, and another kernel's types into a file that
    /// <c>WEFT_BPF_TYPES</c> names.
    /// </summary>
    [Theory]
    [InlineData(BpfBackend.Managed)]
    [InlineData(BpfBackend.Libbpf)]
    public void Folders_of_objects_are_loaded_as_by_libbpf(BpfBackend backend)
    {
        Require();
        using var own = new TempFolder();
        File.WriteAllBytes(own.PathOf("data.o"), Objects.Bytes("data"));
        string[] folders = [own.Path, .. Environment.GetEnvironmentVariable("WEFT_BPF_CORPUS") is { } more ? (string[])[more] : []];
        var types = Environment.GetEnvironmentVariable("WEFT_BPF_TYPES");
        var differences = folders.SelectMany(folder => Directory.GetFiles(folder, "*.o")).Order(StringComparer.Ordinal)
            .SelectMany(file => Differences.Of(file, types, backend)).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join('\n', differences)}");
    }

    private static void Require()
    {
        Privileged.Require();
        Libbpf.Require();
    }

    private static List<Difference> OfAll(BpfBackend backend)
    {
        var folder = Directory.CreateTempSubdirectory("weft-bpf-");
        try
        {
            var differences = new List<Difference>();
            foreach (var name in Objects.Names)
            {
                var path = Path.Combine(folder.FullName, name + ".o");
                File.WriteAllBytes(path, Objects.Bytes(name));
                differences.AddRange(Differences.Of(path, backend: backend));
            }

            return differences;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Table(List<Difference> differences)
    {
        var text = new StringBuilder($"{Objects.Names.Count()} objects, libbpf {Told}:\n\n| Object | Program | libbpf | Weft.Bpf |\n| --- | --- | --- | --- |\n");
        foreach (var row in differences)
        {
            text.Append($"| `{row.Object}` | {(row.Program is null ? "all" : $"`{row.Program}`")} | {row.Libbpf} | {row.Here} |\n");
        }

        return text.ToString();
    }
}
