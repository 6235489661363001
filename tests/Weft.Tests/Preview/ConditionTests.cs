using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Preview;

namespace Weft.Tests.Preview;

public sealed class ConditionTests
{
    public static TheoryData<int> Lines => [.. MatchCase.All().Select(c => c.Line)];

    [Theory, MemberData(nameof(Lines))]
    public void A_match_fits_exactly_what_Envoy_says_it_fits(int line)
    {
        var known = MatchCase.All().Single(c => c.Line == line).Case;
        var table = new RouteConfiguration
        {
            VirtualHosts = { new VirtualHost { Domains = { "*" }, Routes = { new Envoy.Config.Route.V3.Route { Match = known.Match } } } },
        };
        Assert.Equal(known.Fits, RouteExplanation.Of(table, known.Request).Winner() is not null);
    }

    [Theory]
    [InlineData("""{"prefix": "/"}""", "every request")]
    [InlineData("""{"prefix": "/a"}""", "path begins with /a")]
    [InlineData("""{"path": "/a", "case_sensitive": false}""", "path is /a (in any case)")]
    [InlineData("""{"path_separated_prefix": "/a"}""", "path is /a or below it")]
    [InlineData("""{"safe_regex": {"regex": "/a+"}}""", "path fits the regex /a+")]
    [InlineData("""{"connect_matcher": {}}""", "method is CONNECT")]
    [InlineData("""{"prefix": "/", "grpc": {}}""", "it is a gRPC call")]
    [InlineData("""{"prefix": "/", "tls_context": {"presented": true}}""", "a client certificate is presented")]
    [InlineData("""{"path": "/a", "headers": [{"name": ":method", "string_match": {"exact": "PUT"}}]}""", "path is /a, method is PUT")]
    [InlineData("""{"prefix": "", "headers": [{"name": "x-a", "present_match": true}]}""", "header x-a is there")]
    [InlineData("""{"prefix": "", "headers": [{"name": "x-a", "present_match": false}]}""", "no header x-a")]
    [InlineData("""{"prefix": "", "headers": [{"name": "x-a", "range_match": {"start": 1, "end": 5}}]}""", "header x-a is from 1 to below 5")]
    [InlineData("""{"prefix": "", "headers": [{"name": "x-a", "string_match": {"suffix": "b"}, "invert_match": true}]}""", "not: header x-a ends with b")]
    [InlineData("""{"prefix": "", "headers": [{"name": "x-a", "string_match": {"contains": "b", "ignore_case": true}}]}""", "header x-a contains b (in any case)")]
    [InlineData("""{"prefix": "", "query_parameters": [{"name": "q", "string_match": {"exact": "1"}}]}""", "query parameter q is 1")]
    [InlineData("""{"prefix": "", "query_parameters": [{"name": "q"}]}""", "query parameter q is there")]
    public void A_match_is_told_in_words(string match, string words)
    {
        Assert.Equal(words, Conditions.Sentence(JsonParser.Default.Parse<RouteMatch>(match)));
    }

    [Theory]
    [InlineData("""{"prefix": "/", "dynamic_metadata": [{"filter": "f", "path": [{"key": "k"}], "value": {"present_match": true}}]}""")]
    [InlineData("""{"safe_regex": {"regex": "(?=a)a"}}""")]
    public void What_a_request_does_not_tell_is_not_decided(string match)
    {
        var conditions = Conditions.Of(JsonParser.Default.Parse<RouteMatch>(match)).ToList();
        Assert.Contains(conditions, c => c.Judge(RouteRequest.Get("a", "/")).Fit == Fit.Unknown);
    }
}
