using Weft.Testing;
using Weft.Wasm.Host.Testing;

namespace Weft.Wasm.Tests.Host.Envoy;

/// <summary>Plugins that others wrote do the same in Envoy and in our host.</summary>
public sealed class ForeignPluginTests
{
    [Fact]
    public async Task Headers_and_metrics_are_the_same()
    {
        const string Rules =
            "set request x-user replaced\nadd request x-added one\nadd request user-agent more\nremove request x-gone\n"
            + "add response x-out two\nset response x-server changed\nremove response server-secret";
        var module = await File.ReadAllBytesAsync(Peers.RequireFile("wasm/header_metric.wasm"));
        await using var envoy = await EnvoyRun.StartAsync(module, Rules);
        using var ours = PluginTest.FromBytes(module, Rules);
        (string, string)[][] requests =
        [
            [("x-user", "7"), ("x-gone", "a"), ("user-agent", "ua")],
            [("x-user", "7"), ("x-user", "8"), ("x-added", "zero")],
            [("user-agent", "ua")],
        ];
        foreach (var headers in requests)
        {
            var theirs = await envoy.GetAsync("/", headers);
            var reached = envoy.Server.Requests.Last().Headers;
            var request = ours.Request(headers);
            var response = request.Respond(200, ("server-secret", "s"), ("x-server", "echo"), ("content-length", "5"));
            request.End();
            foreach (var name in (string[])["x-user", "x-added", "x-gone", "user-agent", "x-request-headers"])
            {
                Assert.Equal((name, reached.GetValueOrDefault(name)), (name, Joined(request.Headers, name)));
            }

            foreach (var name in (string[])["x-out", "x-server", "server-secret", "x-plugin", "x-requests-seen"])
            {
                Assert.Equal((name, theirs.Headers.GetValueOrDefault(name)), (name, Joined(response.Headers, name)));
            }
        }

        foreach (var name in (string[])["header_metric.requests", "header_metric.changes", "header_metric.open"])
        {
            Assert.Equal((name, await envoy.MetricAsync(name)), (name, ours.Metrics[name]?.Value));
        }

        Assert.Equal(envoy.Logs.TakeLast(ours.Logs.Count), ours.Logs.Select(l => l.Message));
    }

    [Theory]
    [InlineData("auth auth.local /ok 1000", 200)]
    [InlineData("auth auth.local /denied 1000", 403)]
    [InlineData("auth auth.local /slow 100", 403)]
    [InlineData("unknown auth.local /ok 1000", 0)]
    public async Task Calls_are_the_same(string configuration, int status)
    {
        var module = await File.ReadAllBytesAsync(Peers.RequireFile("wasm/http_callout.wasm"));
        await using var envoy = await EnvoyRun.StartAsync(module, configuration);
        using var ours = PluginTest.FromBytes(module, configuration, new() { Clusters = ["auth", "echo"] });
        var theirs = await envoy.GetAsync("/page", ("x-token", "t"));
        var request = ours.Request((":path", "/page"), ("x-token", "t"));
        if (ours.Calls.Count > 0)
        {
            var call = ours.Calls[0];
            Answer(call, call.Headers[":path"]!);
            var reached = envoy.Server.Requests.First(r => r.Path == call.Headers[":path"]).Headers;
            Assert.Equal(reached.GetValueOrDefault("x-token"), call.Headers["x-token"]);
            Assert.Equal(reached["host"], call.Headers[":authority"]);
        }

        var response = request.Response ?? request.Respond(200, ("x-server", "echo"));
        Assert.Equal((theirs.Status, status == 0 ? theirs.Status : status), (response.Status, response.Status));
        foreach (var name in (string[])["x-callout", "x-callout-status", "x-callout-plugin"])
        {
            Assert.Equal((name, theirs.Headers.GetValueOrDefault(name)), (name, response.Headers[name]));
        }

        if (theirs.Status == 200)
        {
            Assert.Equal(envoy.Server.Requests.Last().Headers.GetValueOrDefault("x-auth-user"), request.Headers["x-auth-user"]);
        }
        else
        {
            Assert.Equal(theirs.Body, response.Body);
        }
    }

    private static void Answer(TestCall call, string path)
    {
        if (path == "/slow")
        {
            call.Expire();
        }
        else
        {
            call.Respond(path == "/denied" ? 401 : 200, "hello", ("x-user", "u1"));
        }
    }

    private static string? Joined(Weft.Wasm.Host.HeaderMap headers, string name)
    {
        var values = Enumerable.Range(0, headers.Count)
            .Where(i => System.Text.Encoding.UTF8.GetString(headers.NameAt(i)) == name)
            .Select(i => System.Text.Encoding.UTF8.GetString(headers.ValueAt(i))).ToList();
        return values.Count == 0 ? null : string.Join(',', values);
    }
}
