namespace Weft.Wasm.Tests.TrafficTag;

public sealed class RoleTests
{
    private const string Rules =
        """ "rules":[{"tag":"canary","conditions":[{"from":"header","key":"beta","is":"exists"}]}]""";

    private const string Forged = "x-envoy-flow-tag: forged\n";

    [Theory]
    [InlineData("\"role\":\"gateway\",", false)]
    [InlineData("\"role\":\"Gateway\",", false)]
    [InlineData("", true)]
    public void A_gateway_takes_a_clients_tag_away(string role, bool gateway)
    {
        var rules = TestRequest.Rules($$"""{{{role}}{{Rules}}}""");
        Assert.Null(new TestRequest(Forged, gateway: gateway).Tagged(rules));
        Assert.Equal("canary", new TestRequest(Forged + "beta: 1", gateway: gateway).Tagged(rules));
        Assert.Equal("canary", new TestRequest("beta: 1", gateway: gateway).Tagged(rules));
    }

    [Theory]
    [InlineData("\"role\":\"sidecar\",", true)]
    [InlineData("", false)]
    public void A_sidecar_keeps_a_tag(string role, bool gateway)
    {
        var rules = TestRequest.Rules($$"""{{{role}}{{Rules}}}""");
        Assert.Equal("forged", new TestRequest(Forged, gateway: gateway).Tagged(rules));
        Assert.Equal("forged", new TestRequest(Forged + "beta: 1", gateway: gateway).Tagged(rules));
        Assert.Equal("canary", new TestRequest("beta: 1", gateway: gateway).Tagged(rules));
        Assert.Equal("canary", new TestRequest("x-envoy-flow-tag: \nbeta: 1", gateway: gateway).Tagged(rules));
    }

    [Fact]
    public void A_gateway_takes_each_header_away_that_a_rule_could_set()
    {
        var rules = TestRequest.Rules("""
            {"role":"gateway","header":"x-a","rules":[
              {"tag":"t","header":"x-b","conditions":[{"from":"header","key":"x-b","is":"exists"}]},
              {"tag":"t","conditions":[{"from":"header","key":"x-a","is":"exists"}]}],
             "weights":[{"tag":"w","header":"x-c","weight":0}],"defaultTagKey":"x-d","default":"d"}
            """);
        const string Sent = "x-a: 1\nx-b: 2\nx-c: 3\nx-d: 4\nx-e: 5";
        Assert.Null(new TestRequest(Sent).Tagged(rules, "x-a"));
        Assert.Null(new TestRequest(Sent).Tagged(rules, "x-b"));
        Assert.Null(new TestRequest(Sent).Tagged(rules, "x-c"));
        Assert.Equal("d", new TestRequest(Sent).Tagged(rules, "x-d"));
        Assert.Equal("5", new TestRequest(Sent).Tagged(rules, "x-e"));
    }

    [Fact]
    public void A_sidecar_keeps_each_header_by_itself()
    {
        var rules = TestRequest.Rules("""
            {"role":"sidecar","rules":[
              {"tag":"t","header":"x-a","conditions":[{"from":"header","key":"beta","is":"exists"}]},
              {"tag":"u","header":"x-b","conditions":[{"from":"header","key":"alpha","is":"exists"}]}]}
            """);
        Assert.Equal("1", new TestRequest("x-a: 1\nbeta: 1").Tagged(rules, "x-a"));
        Assert.Equal("u", new TestRequest("x-a: 1\nalpha: 1").Tagged(rules, "x-b"));
    }
}
