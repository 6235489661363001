using System.Net;
using Microsoft.AspNetCore.Http;
using Weft.Testing;

namespace Weft.Tests.Proxy.Plugins;

/// <summary>Plugins that others wrote.</summary>
public sealed class ForeignPluginTests
{
    [Fact]
    public async Task Headers_are_changed_and_counted()
    {
        const string Rules = "set request x-user replaced\nadd request x-added one\nremove request x-gone\n"
            + "add response x-out two\nset response x-server changed";
        await using var mesh = await StartAsync("wasm/header_metric.wasm", Rules);
        using var request = new HttpRequestMessage(HttpMethod.Get, mesh.At());
        request.Headers.Add("x-user", ["7", "8"]);
        request.Headers.Add("x-added", "zero");
        request.Headers.Add("x-gone", "a");
        using var response = await mesh.SendAsync(request);
        Assert.Equal(
            "user=replaced added=zero, one gone=", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["two"], response.Headers.GetValues("x-out"));
        Assert.Equal(["changed"], response.Headers.GetValues("x-server"));
        Assert.Contains(
            "\nheader_metric_requests{} 1\n", (await mesh.AdminAsync("/stats/prometheus")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth auth.local /ok 5000", HttpStatusCode.OK)]
    [InlineData("auth auth.local /denied 5000", HttpStatusCode.Forbidden)]
    [InlineData("auth auth.local /slow 100", HttpStatusCode.Forbidden)]
    [InlineData("unknown auth.local /ok 5000", null)]
    public async Task A_request_waits_for_an_answer_of_another_cluster(string configuration, HttpStatusCode? status)
    {
        await using var mesh = await StartAsync("wasm/http_callout.wasm", configuration);
        using var request = new HttpRequestMessage(HttpMethod.Get, mesh.At("/page"));
        request.Headers.Add("x-token", "t");
        using var response = await mesh.SendAsync(request);
        if (status is { } known)
        {
            Assert.Equal(known, response.StatusCode);
        }
        else
        {
            // The call is not even begun, and the plugin says so.
            Assert.Contains(response.Headers.SelectMany(h => h.Value), v => v.Contains("unsent", StringComparison.Ordinal));
        }
    }

    private static async Task<Mesh> StartAsync(string file, string configuration)
    {
        var module = await File.ReadAllBytesAsync(Peers.RequireFile(file), TestContext.Current.CancellationToken);
        return await PluginMesh.StartAsync(
            PluginMesh.Plugin(module, configuration),
            Resources.Routes("r", Resources.To("echo")),
            ("echo", mesh => mesh.ServeAsync(EchoAsync)),
            ("auth", mesh => mesh.ServeAsync(AuthorizeAsync)));
    }

    private static Task EchoAsync(HttpContext context)
    {
        context.Response.Headers["x-server"] = "echo";
        var headers = context.Request.Headers;
        return context.Response.WriteAsync($"user={headers["x-user"]} added={headers["x-added"]} gone={headers["x-gone"]}");
    }

    private static Task AuthorizeAsync(HttpContext context)
    {
        if (context.Request.Path == "/slow")
        {
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        context.Response.StatusCode = context.Request.Path == "/ok" ? 200 : 403;
        context.Response.Headers["x-user"] = "someone";
        return Task.CompletedTask;
    }
}
