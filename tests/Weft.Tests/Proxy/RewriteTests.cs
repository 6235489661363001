using Envoy.Config.Route.V3;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Weft.Tests.Proxy;

public sealed class RewriteTests
{
    [Theory]
    [InlineData("/pre", "/new", "/pre/x?y=1", "/new/x?y=1")]
    [InlineData("/PRE", "/", "/pre?y=1", "/?y=1")]
    public async Task A_matched_prefix_is_replaced_and_the_former_path_told(string prefix, string by, string asked, string got)
    {
        await using var mesh = await StartAsync(r =>
        {
            r.Match = new() { Prefix = prefix, CaseSensitive = false };
            r.Route_.PrefixRewrite = by;
        });
        var lines = (await mesh.GetAsync(asked)).Body.Split('\n');
        Assert.Equal(got, lines[0]);
        Assert.Contains($"x-envoy-original-path: {asked}", lines);
    }

    [Fact]
    public async Task A_path_that_matched_as_a_whole_is_replaced_as_a_whole()
    {
        await using var mesh = await StartAsync(r =>
        {
            r.Match = new() { SafeRegex = new() { Regex = "/rg/.*" } };
            r.Route_.PrefixRewrite = "/whole";
        });
        Assert.StartsWith("/whole?y=1\n", (await mesh.GetAsync("/rg/x?y=1")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_is_replaced_and_the_former_one_told()
    {
        await using var mesh = await StartAsync(r =>
        {
            r.Route_.HostRewriteLiteral = "new.host";
            r.Route_.AppendXForwardedHost = true;
            r.Route_.RegexRewrite = new() { Pattern = new() { Regex = "^/a" }, Substitution = "/b" };
        });
        var (_, body) = await mesh.GetAsync("/a?q", h =>
        {
            h.Host = "foo.com:80";
            h.Add("x-forwarded-host", "earlier");
        });
        var lines = body.Split('\n');
        Assert.Equal("/b?q", lines[0]);
        Assert.Contains("host: new.host", lines);
        Assert.Contains("x-envoy-original-host: foo.com:80", lines);
        Assert.Contains("x-forwarded-host: earlier,foo.com:80", lines);
        Assert.Contains("x-envoy-original-path: /a?q", lines);
    }

    [Fact]
    public async Task The_answers_of_the_proxy_itself_get_the_routes_headers_too()
    {
        await using var mesh = await Mesh.StartAsync();
        var header = new Envoy.Config.Core.V3.HeaderValueOption { Header = new() { Key = "x-by", Value = "weft" } };
        var direct = Resources.Answer("direct", m => m.Prefix = "/direct");
        var missing = Resources.To("missing");
        direct.ResponseHeadersToAdd.Add(header);
        missing.ResponseHeadersToAdd.Add(header);
        await mesh.RouteAsync(Resources.Routes("r", direct, missing));
        foreach (var path in new[] { "/direct", "/missing" })
        {
            using var response = await mesh.SendAsync(new HttpRequestMessage(HttpMethod.Get, mesh.At(path)));
            Assert.Equal(["weft"], response.Headers.GetValues("x-by"));
        }
    }

    private static async Task<Mesh> StartAsync(Action<Route> change)
    {
        var mesh = await Mesh.StartAsync();
        var echo = await mesh.ServeAsync(context =>
        {
            var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            var headers = context.Request.Headers.Select(h => $"{h.Key.ToLowerInvariant()}: {h.Value}");
            return context.Response.WriteAsync(string.Join('\n', headers.Prepend(raw)));
        });
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("echo", change)), ("echo", echo));
        return mesh;
    }
}
