using System.Text.RegularExpressions;

namespace Weft.Tests.Tidy;

public sealed partial class TextTests
{
    private static readonly string ThisFile = $"tests/Weft.Tests/Tidy/{nameof(TextTests)}.cs";

    [Fact]
    public void Nothing_is_left_to_do()
    {
        Rule.Holds("nothing is left to do", Places(Unfinished()));
    }

    [Fact]
    public void No_path_of_one_machine_is_written_down()
    {
        Rule.Holds("a path of one machine is not written down", Places(MachinePath()));
    }

    [Fact]
    public void No_package_registry_is_named()
    {
        Rule.Holds("package registries are not named", Places(Registry()));
    }

    [Fact]
    public void Native_calls_stay_in_Kernel_folders()
    {
        Rule.Holds(
            "native calls stay in Kernel folders",
            Places(NativeCall())
                .Where(p => !p.Contains("/Kernel/", StringComparison.Ordinal))
                // A back-end of its own, of calls alone.
                .Where(p => !p.StartsWith("src/Weft.Bpf/Libbpf/LibbpfCalls.cs", StringComparison.Ordinal))
                // What a plugin imports from its host is written with the same attribute.
                .Where(p => !p.StartsWith("src/Weft.Wasm.Sdk/", StringComparison.Ordinal))
                // Tests of what talks to the kernel talk to it themselves.
                .Where(p => !p.StartsWith("tests/Weft.Kernel.", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_document_has_one_title()
    {
        var documents = SourceTree.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal));
        Rule.Holds("a document has one title", documents.Where(f => Titles(SourceTree.Lines(f)) != 1));
    }

    [Theory]
    [InlineData("// TODO: later", true)]
    [InlineData("the todo list", false)]
    public void Unfinished_work_is_found(string line, bool found) => Assert.Equal(found, Unfinished().IsMatch(line));

    [Theory]
    [InlineData("cd /root/weft", true)]
    [InlineData("\"/home/me\"", true)]
    [InlineData("samples/work/a", false)]
    public void A_machine_path_is_found(string line, bool found) => Assert.Equal(found, MachinePath().IsMatch(line));

    [Fact]
    public void A_title_in_a_code_block_is_none()
    {
        Assert.Equal(1, Titles(["# One", "```", "# a comment", "```", "## Two"]));
    }

    private static IEnumerable<string> Places(Regex pattern) =>
        from file in SourceTree.TextFiles
        where file != ThisFile
        from line in SourceTree.Lines(file).Index()
        where pattern.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    private static int Titles(IEnumerable<string> lines)
    {
        var inCode = false;
        return lines.Count(line =>
        {
            inCode ^= line.StartsWith("```", StringComparison.Ordinal);
            return !inCode && line.StartsWith("# ", StringComparison.Ordinal);
        });
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?<![\w.~*}-])/(work|root|home)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"registry\.npmjs|npmjs\.(org|com)|nuget\.org|artifactory|""resolved"": ""http")]
    private static partial Regex Registry();

    [GeneratedRegex(@"\b(LibraryImport|DllImport)\b")]
    private static partial Regex NativeCall();
}
