using System.Collections.Immutable;
using Weft.Translation.Raw;
using static Weft.Tests.Translation.Raw.RawTexts;

namespace Weft.Tests.Translation.Raw;

public sealed class RawStateTests
{
    private static readonly string A = File(("a", "1"));
    private static readonly string Ab = File(("a", "1"), ("b", "1"));

    [Fact]
    public void A_file_that_no_longer_parses_keeps_its_last_good_resources()
    {
        var good = Step(RawState.Empty, ("f", Ab));
        foreach (var text in new[] { "", "resources: [", "version_info: x", "resources:" })
        {
            var bad = Step(good, ("f", text));
            Assert.Equal(["a/1", "b/1"], Content(bad));
            Assert.Contains(bad.Diagnostics, one => one is { Code: "WEFT3022", Where.File: "f" });
            Assert.Equal(["a/1", "b/1"], Content(Step(bad, ("f", "resources: {"))));
        }
    }

    [Fact]
    public void A_resource_now_in_error_keeps_its_last_good_version_and_others_go_on()
    {
        var state = Step(RawState.Empty, ("f", Ab));
        state = Step(state, ("f", Swap(File(("a", "2"), ("b", "2")), "alt_stat_name: b2", "alt_stat: b2")));
        Assert.Equal(["a/2", "b/1"], Content(state));
        Assert.Contains(state.Diagnostics, one => one.Code == "WEFT3022");
        state = Step(state, ("f", File(("a", "3"), ("b", "3"))));
        Assert.Equal(["a/3", "b/3"], Content(state));
        Assert.Empty(state.Diagnostics);
    }

    [Fact]
    public void A_resource_whose_name_became_unreadable_is_kept_too()
    {
        var state = Step(RawState.Empty, ("f", Ab));
        state = Step(state, ("f", Swap(File(("a", "2"), ("b", "2")), "name: b\n", "name: []\n")));
        Assert.Equal(["a/2", "b/1"], Content(state));

        // Once the name can be read again, nothing is kept any more.
        Assert.Equal(["c/1"], Content(Step(state, ("f", File(("c", "1"))))));
    }

    [Fact]
    public void A_resource_removed_and_a_file_deleted_are_withdrawn()
    {
        var state = Step(RawState.Empty, ("f", Ab), ("g", File(("c", "1"))));
        state = Step(state, ("f", A), ("g", File(("c", "1"))));
        Assert.Equal(["a/1", "c/1"], Content(state));
        Assert.Equal(["a/1"], Content(Step(state, ("f", A))));
        Assert.Empty(Content(Step(state)));
    }

    [Fact]
    public void The_same_content_again_is_the_same_state()
    {
        var state = Step(RawState.Empty, ("f", A));
        Assert.Same(state, Step(state, ("f", new string(A.AsSpan()))));
        Assert.Same(RawState.Empty, Step(RawState.Empty));
    }

    [Fact]
    public void A_resource_moved_to_another_file_is_not_lost()
    {
        var state = Step(RawState.Empty, ("f", Ab), ("g", File(("c", "1"))));
        Assert.Equal(["a/1", "b/1", "c/1"], Content(Step(state, ("f", A), ("g", File(("b", "1"), ("c", "1"))))));
        var broken = Step(state, ("f", A), ("g", Swap(File(("b", "2"), ("c", "2")), "alt_stat_name: b2", "x: b2")));
        Assert.Equal(["a/1", "b/1", "c/2"], Content(broken));
        Assert.Equal(["a/1", "b/1"], Content(Step(state, ("renamed", Ab))));
    }

    [Fact]
    public void A_version_just_read_elsewhere_wins_over_a_kept_one()
    {
        var state = Step(RawState.Empty, ("f", Ab));
        state = Step(state, ("f", "resources: ["), ("g", File(("b", "2"))));
        Assert.Equal(["a/1", "b/2"], Content(state));
        Assert.DoesNotContain(state.Diagnostics, one => one.Code == "WEFT3015");
    }

    [Fact]
    public void A_name_in_two_files_is_told_with_both_places_and_the_first_path_stays()
    {
        var state = Step(RawState.Empty, ("g", File(("a", "2"))));
        state = Step(state, ("g", File(("a", "2"))), ("f", A));
        Assert.Equal(["a/1"], Content(state));
        var twice = Assert.Single(state.Diagnostics);
        Assert.Equal("WEFT3015", twice.Code);
        Assert.Equal("g:2:3", twice.Where!.ToString());
        Assert.Contains("f:2:3", twice.Message);
        Assert.Equal(["a/2"], Content(Step(state, ("g", File(("a", "2"))))));
    }

    private static RawState Step(RawState state, params (string Path, string Text)[] files) =>
        state.Step(files.ToImmutableSortedDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal));

    private static string Swap(string text, string from, string to) => text.Replace(from, to, StringComparison.Ordinal);

    private static string File(params (string Name, string Version)[] clusters) =>
        "resources:\n" + string.Concat(clusters.Select(cluster =>
            $"- \"@type\": {ClusterType}\n  name: {cluster.Name}\n  alt_stat_name: {cluster.Name}{cluster.Version}\n"));

    /// <summary>Each cluster in force as "name/version".</summary>
    private static string[] Content(RawState state) =>
        [.. state.Resources.Select(one => (Envoy.Config.Cluster.V3.Cluster)one.Message!)
            .Select(cluster => $"{cluster.Name}/{cluster.AltStatName[cluster.Name.Length..]}")];
}
