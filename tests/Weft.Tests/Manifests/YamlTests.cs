using System.Text;
using Weft.Manifests;
using Weft.Manifests.Yaml;

namespace Weft.Tests.Manifests;

public sealed class YamlTests
{
    private const string Good = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n";

    [Theory]
    [InlineData("a: [\n", "2:1 error WEFT1005")]
    [InlineData("a: b: c\n", "1:5 error WEFT1005")]
    [InlineData("a: 1\n\tb: 2\n", "1:4 error WEFT1005")]
    [InlineData("a: \"\\ud800\"\n", "1:4 error WEFT1005")]
    [InlineData("a: \"\\UFFFFFFFF\"\n", "1:2 error WEFT1005")]
    [InlineData("%YAML 3.0\n---\na: 1\n", "1:1 error WEFT1005")]
    [InlineData("a: 'b\n", "1:4 error WEFT1005")]
    public void A_syntax_error_is_one_finding_with_its_place(string text, string expected)
    {
        Assert.Equal(expected, Decoded.Findings(text));
        Assert.False(Decoded.File(text).IsComplete);
    }

    [Fact]
    public void Documents_before_a_syntax_error_are_good()
    {
        var file = Decoded.File($"{Good}---\na: [\n---\n{Good}");
        Assert.NotNull(Assert.Single(file.Documents).Config);
        Assert.Equal("7:1 error WEFT1005", Decoded.Short(Decoded.Diagnostics(file)));
        Assert.False(file.IsComplete);
    }

    [Theory]
    [InlineData("apiVersion: &v v1\nkind: Service\nmetadata: {name: *v}\n", "3:18 error WEFT1008")]
    [InlineData("apiVersion: v1\nkind: Service\nspec: {<<: *x}\n", "3:12 error WEFT1008")]
    [InlineData("apiVersion: v1\napiVersion: v1\nkind: Service\n", "2:1 error WEFT1010")]
    [InlineData("apiVersion: v1\n? [a]\n: b\nkind: ConfigMap\n", "2:3 error WEFT1011")]
    [InlineData("apiVersion: v1\nkind: !!binary Service\n", "2:7 error WEFT1009")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\ndata: !custom {a: b}\n", "3:7 error WEFT1009")]
    public void A_form_that_is_not_accepted_is_a_mistake_of_its_document(string text, string expected)
    {
        var first = Decoded.Findings(text).Split(", ");
        Assert.Contains(expected, first);
        var file = Decoded.File($"{text}---\n{Good}");
        Assert.True(file.IsComplete);
        Assert.Null(file.Documents[0].Config);
        Assert.NotNull(file.Documents[1].Config);
    }

    [Theory]
    [InlineData("apiVersion: !!str v1\nkind: ! Service\n")]
    [InlineData("apiVersion: \"v1\"\nkind: 'Service'\n")]
    [InlineData("apiVersion: &anchor v1\nkind: >-\n  Service\n")]
    public void Text_may_be_written_in_many_ways(string head)
    {
        var file = Decoded.File($"{head}metadata: {{name: a}}\nspec: {{ports: [{{port: 80}}]}}\n");
        Assert.NotNull(Assert.Single(file.Documents).Config);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n---\n...\n")]
    [InlineData("~\n")]
    public void A_text_without_content_has_no_documents(string text)
    {
        var file = Decoded.File(text);
        Assert.Empty(file.Documents);
        Assert.True(file.IsComplete);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_accepted()
    {
        var file = Decoded.File("\uFEFF" + Good.Replace("\n", "\r\n").Replace("80", "0"));
        Assert.Equal("4:23 error WEFT1102", Decoded.Short(Decoded.Diagnostics(file)));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xFF }, "2:2 error WEFT1004")]
    [InlineData(new byte[] { (byte)'a', 0 }, "1:2 error WEFT1004")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 }, "1:1 error WEFT1004")]
    [InlineData(new byte[] { 0xC3 }, "1:1 error WEFT1004")]
    public void Bytes_that_are_no_text_are_refused(byte[] bytes, string expected)
    {
        var file = ManifestDecoder.Decode("a.yaml", bytes);
        Assert.Equal(expected, Decoded.Short(Decoded.Diagnostics(file)));
        Assert.False(file.IsComplete);
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        var file = Decoded.File(Good + new string('#', YamlLimits.MaxFileSize));
        Assert.Equal("0:0 error WEFT1003", Decoded.Short(Decoded.Diagnostics(file)));
        Assert.False(file.IsComplete);
    }

    [Fact]
    public void Too_many_documents_are_not_read()
    {
        var text = string.Concat(Enumerable.Repeat("---\na: b\n", YamlLimits.MaxDocuments + 1));
        var file = Decoded.File(text);
        Assert.Equal(YamlLimits.MaxDocuments, file.Documents.Length);
        Assert.Equal("WEFT1007", Assert.Single(file.Diagnostics).Code);
        Assert.False(file.IsComplete);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Deep_nesting_stops_at_its_bound(string opening)
    {
        var text = new StringBuilder().Insert(0, opening, 100_000).ToString();
        var file = Decoded.File(text);
        Assert.Equal("WEFT1006", Assert.Single(file.Diagnostics).Code);
        Assert.False(file.IsComplete);
    }

    [Fact]
    public void A_flood_of_mistakes_is_cut_off()
    {
        var flood = string.Concat(Enumerable.Repeat($"{Good.Replace("{name: a}", "{a: 1, b: 1, c: 1}")}---\n", 1000));
        var found = Decoded.Diagnostics(Decoded.File(flood)).ToList();
        Assert.InRange(found.Count, 1000, 1000 + YamlLimits.MaxFindings);
        Assert.All(Decoded.File(flood).Documents, d => Assert.Contains(d.Diagnostics, x => x.Code == "WEFT1012"));
    }
}
