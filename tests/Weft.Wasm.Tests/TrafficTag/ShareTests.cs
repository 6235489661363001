using System.Globalization;

namespace Weft.Wasm.Tests.TrafficTag;

public sealed class ShareTests
{
    private const string Weights = """
        "weights":[{"tag":"blue","weight":30},{"tag":"green","weight":20},{"tag":"never","weight":0}],"default":"stable"
        """;

    [Fact]
    public void Requests_are_shared_by_weight()
    {
        var rules = TestRequest.Rules($$"""{{{Weights}}}""");
        var counts = Enumerable.Range(0, 20_000)
            .CountBy(i => new TestRequest($"x-request-id: {i:x8}-aaaa").Tagged(rules) ?? "").ToDictionary();
        Assert.InRange(counts["blue"], 5_600, 6_400);
        Assert.InRange(counts["green"], 3_600, 4_400);
        Assert.InRange(counts["stable"], 9_500, 10_500);
        Assert.DoesNotContain("never", counts.Keys);
    }

    [Fact]
    public void Without_an_id_chance_decides()
    {
        var rules = TestRequest.Rules($$"""{{{Weights}}}""");
        // The nanoseconds of a clock that ticks in microseconds.
        var blue = Enumerable.Range(0, 20_000)
            .Count(i => new TestRequest("", chance: 1_700_000_000_000_000_000 + (i * 1000L)).Tagged(rules) == "blue");
        Assert.InRange(blue, 5_500, 6_500);
    }

    [Fact]
    public void Who_has_the_same_key_gets_the_same_share()
    {
        var rules = TestRequest.Rules($$"""{"weightKey":{"from":"cookie","key":"uid"},{{Weights}}}""");
        var users = Enumerable.Range(0, 2_000).Select(u => Tags(u).Distinct().Single()).CountBy(t => t).ToDictionary();
        Assert.InRange(users["blue"], 500, 700);

        IEnumerable<string> Tags(int user) =>
            Enumerable.Range(0, 5).Select(i => new TestRequest($"cookie: uid=u{user}\nx-request-id: {i}-{user}").Tagged(rules) ?? "");
    }

    [Fact]
    public void Shares_and_percentages_of_the_same_key_do_not_lean_on_each_other()
    {
        var rules = TestRequest.Rules("""
            {"rules":[{"tag":"rule","conditions":[{"from":"header","key":"u","is":"percentage","value":"50"}]}],
             "weightKey":{"from":"header","key":"u"},"weights":[{"tag":"share","weight":50}],"default":"rest"}
            """);
        var counts = Enumerable.Range(0, 20_000)
            .CountBy(i => new TestRequest(string.Create(CultureInfo.InvariantCulture, $"u: user-{i}")).Tagged(rules) ?? "")
            .ToDictionary();
        Assert.InRange(counts["rule"], 9_500, 10_500);
        Assert.InRange(counts["share"], 4_500, 5_500);
        Assert.InRange(counts["rest"], 4_500, 5_500);
    }
}
