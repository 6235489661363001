using Envoy.Config.Core.V3;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Weft.Proxy.Config;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Routing;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace Weft.Tests.Proxy;

public sealed class HeaderEditsTests
{
    [Theory]
    [InlineData(AppendAction.AppendIfExistsOrAdd, "old,new", "new")]
    [InlineData(AppendAction.OverwriteIfExistsOrAdd, "new", "new")]
    [InlineData(AppendAction.AddIfAbsent, "old", "new")]
    [InlineData(AppendAction.OverwriteIfExists, "new", null)]
    public void A_header_is_written_as_its_action_says(AppendAction action, string whenPresent, string? whenAbsent)
    {
        Assert.Equal(whenPresent, Apply(new HeaderDictionary { ["x-a"] = "old" }, action));
        Assert.Equal(whenAbsent, Apply([], action));
    }

    [Fact]
    public void What_goes_goes_before_what_comes()
    {
        var headers = new HeaderDictionary { ["x-a"] = "old", ["x-b"] = "old" };
        Decode([Option("x-a", "new")], ["X-A", "x-b"], out var refusals).Apply(headers, Request);
        Assert.Equal("", refusals);
        Assert.Equal("new", headers["x-a"].ToString());
        Assert.False(headers.ContainsKey("x-b"));
    }

    [Fact]
    public void An_empty_value_is_written_only_where_it_is_kept()
    {
        var headers = new HeaderDictionary();
        var kept = Option("x-kept", "");
        kept.KeepEmptyValue = true;
        Decode([Option("x-dropped", ""), kept], [], out _).Apply(headers, Request);
        Assert.Equal(["x-kept"], headers.Keys);
    }

    [Fact]
    public void A_doubled_percent_sign_is_one()
    {
        var headers = new HeaderDictionary();
        Decode([Option("x-share", "50%%")], [], out var refusals).Apply(headers, Request);
        Assert.Equal("", refusals);
        Assert.Equal("50%", headers["x-share"].ToString());
    }

    [Theory]
    [InlineData("%REQ(:path)%|%REQ(:authority)%|%REQ(x-a)%", "/a?b|shop:80|abcdef")]
    [InlineData("%REQ(nope?x-a):3% %PROTOCOL%", "abc HTTP/2")]
    [InlineData("%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", "10.0.0.9")]
    [InlineData("100%% %REQ(:METHOD)%", "100% PUT")]
    [InlineData("%REQ(nope)%", null)]
    public void A_value_can_be_made_of_the_request(string value, string? expected)
    {
        var headers = new HeaderDictionary();
        Decode([Option("x-b", value)], [], out var refusals).Apply(headers, Request);
        Assert.Equal("", refusals);
        Assert.Equal(expected, headers.TryGetValue("x-b", out var written) ? written.ToString() : null);
    }

    [Theory]
    [InlineData("host", "a", "may not be modified")]
    [InlineData(":path", "a", "may not be modified")]
    [InlineData("", "a", "may not be modified")]
    [InlineData("x a", "a", "is not a header name")]
    [InlineData("x-a", "%UPSTREAM_HOST%", "command 'UPSTREAM_HOST' in a header value is not supported")]
    [InlineData("x-a", "50%", "command '%' in a header value is not supported")]
    [InlineData("x-a", "%REQ()%", "command 'REQ()' in a header value is not supported")]
    [InlineData("x-a", "%REQ(a):b%", "command 'REQ(a):b' in a header value is not supported")]
    [InlineData("x-a", "a\r\nx-b: b", "control character")]
    public void What_cannot_be_written_is_refused(string name, string value, string why)
    {
        Decode([Option(name, value)], [], out var refusals);
        Assert.Contains(why, refusals, StringComparison.Ordinal);
    }

    private static Exchange Request
    {
        get
        {
            var context = new DefaultHttpContext();
            var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
            (request.RawTarget, request.Method, request.Protocol) = ("/a?b", "PUT", "HTTP/2");
            request.Headers["x-a"] = "abcdef";
            request.Headers.Host = "shop:80";
            context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("10.0.0.9");
            return new(context, PathNormalization.None);
        }
    }

    private static string? Apply(HeaderDictionary headers, AppendAction action)
    {
        var option = Option("x-a", "new");
        option.AppendAction = action;
        Decode([option], [], out _).Apply(headers, Request);
        return headers.TryGetValue("x-a", out var value) ? value.ToString() : null;
    }

    private static HeaderValueOption Option(string name, string value) =>
        new() { Header = new() { Key = name, Value = value } };

    private static Weft.Proxy.Routing.HeaderEdits Decode(
        HeaderValueOption[] add, string[] remove, out string refused)
    {
        var refusals = new Refusals();
        var edits = HeaderDecoding.Edits(add, remove, "here", refusals);
        refused = refusals.ToString();
        return edits;
    }
}
