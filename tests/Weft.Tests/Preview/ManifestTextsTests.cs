using System.Collections.Immutable;
using System.Text;
using Weft.Admin;
using Weft.Flow;
using Weft.Manifests;

namespace Weft.Tests.Preview;

public sealed class ManifestTextsTests
{
    private const string Good = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n";
    private const string Bad = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}]}\n";

    [Fact]
    public void The_newest_text_without_a_mistake_is_in_force()
    {
        var newer = Good + "# newer\n";
        Assert.Equal([new("m/a.yaml", newer, null)], After(Good, newer));
    }

    [Theory]
    [InlineData(Bad)]
    [InlineData("")]
    [InlineData("a: [")]
    [InlineData("# only a comment\n")]
    public void A_mistake_keeps_the_last_text_without_one_and_says_so(string spoilt)
    {
        var kept = Assert.Single(After(Good, spoilt, spoilt));
        Assert.Equal(Good, kept.Text);
        Assert.NotNull(kept.Note);
        Assert.Null(Assert.Single(After(Good, spoilt, Good)).Note);
    }

    [Fact]
    public void A_file_that_never_was_without_a_mistake_is_given_as_it_is_now()
    {
        var file = Assert.Single(After(Bad, Bad + "# second\n"));
        Assert.EndsWith("# second\n", file.Text, StringComparison.Ordinal);
        Assert.NotNull(file.Note);
        Assert.Null(Assert.Single(After(Bad, Good)).Note);
    }

    [Fact]
    public void A_file_that_is_deleted_is_no_longer_in_force_and_one_that_cannot_be_read_is_kept()
    {
        Assert.Empty(ManifestTexts.Next(After(Good), FolderSnapshot.Of([], [])));
        var unread = FolderFile.Unread("m/a.yaml", Diagnostic.Error("WEFT1002", null, "The file cannot be read."));
        Assert.Equal(Good, Assert.Single(ManifestTexts.Next(After(Good), FolderSnapshot.Of([unread], []))).Text);
        Assert.Empty(ManifestTexts.Next([], FolderSnapshot.Of([unread], [])));
    }

    private static ImmutableArray<ManifestText> After(params IEnumerable<string> texts) => texts.Aggregate(
        ImmutableArray<ManifestText>.Empty, (before, text) => ManifestTexts.Next(
            before, FolderSnapshot.Of([FolderFile.Of("m/a.yaml", [.. Encoding.UTF8.GetBytes(text)])], [])));
}
