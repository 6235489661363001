using Envoy.Config.Core.V3;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Config;
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
        Decode([Option("x-a", "new")], ["X-A", "x-b"], out var refusals).Apply(headers);
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
        Decode([Option("x-dropped", ""), kept], [], out _).Apply(headers);
        Assert.Equal(["x-kept"], headers.Keys);
    }

    [Fact]
    public void A_doubled_percent_sign_is_one()
    {
        var headers = new HeaderDictionary();
        Decode([Option("x-share", "50%%")], [], out var refusals).Apply(headers);
        Assert.Equal("", refusals);
        Assert.Equal("50%", headers["x-share"].ToString());
    }

    [Theory]
    [InlineData("host", "a", "may not be modified")]
    [InlineData(":path", "a", "may not be modified")]
    [InlineData("", "a", "may not be modified")]
    [InlineData("x a", "a", "is not a header name")]
    [InlineData("x-a", "%REQ(x)%", "commands in header values are not supported")]
    [InlineData("x-a", "a\r\nx-b: b", "control character")]
    public void What_cannot_be_written_is_refused(string name, string value, string why)
    {
        Decode([Option(name, value)], [], out var refusals);
        Assert.Contains(why, refusals, StringComparison.Ordinal);
    }

    private static string? Apply(HeaderDictionary headers, AppendAction action)
    {
        var option = Option("x-a", "new");
        option.AppendAction = action;
        Decode([option], [], out _).Apply(headers);
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
