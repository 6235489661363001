namespace Weft.Wasm.Tests.TrafficTag;

public sealed class HigressFormTests
{
    [Fact]
    public void Conditions_of_content_are_read()
    {
        var rules = TestRequest.Rules("""
            {"defaultTagKey":"x-mse-tag","defaultTagVal":"base","conditionGroups":[
              {"headerName":"x-mse-tag","headerValue":"gray","logic":"and","conditions":[
                {"conditionType":"header","key":"role","operator":"in","value":["user","viewer"]},
                {"conditionType":"parameter","key":"foo","operator":"equal","value":["bar"]}]},
              {"headerName":"x-mse-tag","headerValue":"blue","logic":"OR","conditions":[
                {"conditionType":"cookie","key":"c","operator":"Prefix","value":["x"]},
                {"conditionType":"header","key":"role","operator":"percentage","value":["100"]}]}]}
            """);
        Assert.Equal("gray", new TestRequest("role: viewer\n:path: /?foo=bar").Tagged(rules, "x-mse-tag"));
        Assert.Equal("blue", new TestRequest("role: viewer\n:path: /?foo=baz").Tagged(rules, "x-mse-tag"));
        Assert.Equal("blue", new TestRequest("cookie: c=xy").Tagged(rules, "x-mse-tag"));
        Assert.Equal("base", new TestRequest("cookie: c=yx").Tagged(rules, "x-mse-tag"));
        Assert.Equal("own", new TestRequest("x-mse-tag: own\ncookie: c=xy").Tagged(rules, "x-mse-tag"));
    }

    [Fact]
    public void Only_the_headers_that_it_names_are_taken_away_at_a_gateway()
    {
        var rules = TestRequest.Rules("""{"role":"gateway","weightGroups":[{"headerName":"x-mse-tag","headerValue":"g","weight":0}]}""");
        Assert.Null(new TestRequest("x-mse-tag: own").Tagged(rules, "x-mse-tag"));
        Assert.Equal("own", new TestRequest("x-envoy-flow-tag: own").Tagged(rules));
    }

    [Fact]
    public void Weights_are_read()
    {
        var rules = TestRequest.Rules("""
            {"weightGroups":[{"headerName":"x-mse-tag","headerValue":"gray","weight":30},
                             {"headerName":"x-mse-tag","headerValue":"blue","weight":70}]}
            """);
        var gray = Enumerable.Range(0, 10_000).Count(i => new TestRequest($"x-request-id: {i}").Tagged(rules, "x-mse-tag") == "gray");
        Assert.InRange(gray, 2_700, 3_300);
    }

    [Fact]
    public void A_regular_expression_needs_to_match_a_part_only()
    {
        var rules = TestRequest.Rules("""
            {"conditionGroups":[{"headerName":"t","headerValue":"v","logic":"and","conditions":[
              {"conditionType":"header","key":"x","operator":"regex","value":["b+"]}]}]}
            """);
        Assert.Equal("v", new TestRequest("x: abbc").Tagged(rules, "t"));
        Assert.Null(new TestRequest("x: ac").Tagged(rules, "t"));
    }

    [Fact]
    public void A_default_needs_its_header()
    {
        Assert.Null(new TestRequest("").Tagged(TestRequest.Rules("""{"defaultTagVal":"base"}""")));
        Assert.Equal("base", new TestRequest("").Tagged(TestRequest.Rules("""{"default":"base"}""")));
    }
}
