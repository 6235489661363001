using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Weft.Testing;

namespace Weft.Tests.Proxy.Plugins;

/// <summary>What a plugin can do with a request in the embedded proxy.</summary>
public sealed class PluginRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_changes_headers_and_reads_what_the_proxy_knows()
    {
        await using var mesh = await StartAsync();
        using var request = Request("/some/page?a=1", "");
        request.Headers.Add("x-gone", "a");
        using var response = await mesh.SendAsync(request);
        var seen = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.StartsWith("/some/page?a=1 x-gone= x-source=127.0.0.1:", seen, StringComparison.Ordinal);
        Assert.Contains(" x-node=test-node x-plugin=shop.plugin ", seen, StringComparison.Ordinal);
        Assert.Equal(
            ("c", "by the plugin", "/some/page"), (Header(response, "x-cluster"), Header(response, "x-kept"), Header(response, "x-path")));
    }

    [Fact]
    public async Task It_sees_bodies_as_a_whole_or_piece_by_piece_and_changes_them()
    {
        await using var mesh = await StartAsync();
        using var request = Request("/", "");
        request.Method = HttpMethod.Post;
        request.Content = new StringContent(new string('b', 100_000));
        using var response = await mesh.SendAsync(request);
        var seen = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.EndsWith($" <{new string('b', 100_000)}>!", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_answer_is_seen_by_itself_and_no_server_is_asked()
    {
        await using var mesh = await StartAsync();
        using var response = await mesh.SendAsync(Request("/", "answer"));
        Assert.Equal(
            ((HttpStatusCode)418, "no", "/"),
            (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), Header(response, "x-path")));
    }

    [Fact]
    public async Task It_may_answer_when_it_has_seen_the_body()
    {
        await using var mesh = await StartAsync();
        using var request = Request("/", "deny the body");
        request.Method = HttpMethod.Post;
        request.Content = new StringContent("body");
        using var response = await mesh.SendAsync(request);
        Assert.Equal(
            (HttpStatusCode.Forbidden, "not this body"),
            (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task A_fault_that_the_plugin_contains_lets_the_request_go_on_and_is_counted()
    {
        await using var mesh = await StartAsync();
        using var response = await mesh.SendAsync(Request("/", "fault"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\nweft_plugin_faults{} 1\n", (await mesh.AdminAsync("/stats/prometheus")).Body, StringComparison.Ordinal);
        Assert.Contains("x-node=test-node", (await mesh.GetAsync()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_counts_is_shown_and_each_request_is_logged_once()
    {
        await using var mesh = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await mesh.GetAsync();
        }

        await Eventually.GetAsync(
            "five logged requests", async _ => (await mesh.AdminAsync("/stats/prometheus")).Body,
            page => page.Contains("\ntested_logged{} 5\n", StringComparison.Ordinal), cancellation: Cancellation);
        Assert.Contains(
            "# TYPE tested_seen counter\ntested_seen{} 5\n", (await mesh.AdminAsync("/stats/prometheus")).Body, StringComparison.Ordinal);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    private HttpRequestMessage Request(string path, string what)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _mesh!.At(path));
        request.Headers.Add("x-do", what);
        return request;
    }

    private Mesh? _mesh;

    private async Task<Mesh> StartAsync() => _mesh = await PluginMesh.StartAsync(
        PluginMesh.Plugin(PluginSources.Tested),
        Resources.Routes("r", Resources.To("c", r => r.Name = "the-route")),
        ("c", mesh => mesh.ServeAsync(EchoAsync)));

    private static async Task EchoAsync(HttpContext context)
    {
        var text = new StringBuilder($"{context.Request.Path}{context.Request.QueryString}");
        foreach (var name in (string[])["x-gone", "x-source", "x-node", "x-plugin"])
        {
            text.Append($" {name}={context.Request.Headers[name]}");
        }

        using var reader = new StreamReader(context.Request.Body);
        text.Append($" {await reader.ReadToEndAsync(context.RequestAborted)}");
        await context.Response.WriteAsync(text.ToString());
    }
}
