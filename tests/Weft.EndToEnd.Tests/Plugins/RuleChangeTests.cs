using System.Globalization;
using Weft.EndToEnd.Tests.Stage;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>Rules change while requests run: the good ones take effect everywhere, the bad ones nowhere.</summary>
public sealed class RuleChangeTests : IAsyncDisposable
{
    private const int Callers = 48;
    private const int Workers = 4;

    private readonly TagScene _scene = new();

    [Theory, EachDataPlane]
    public async Task A_new_rule_is_in_force_in_all_workers_and_no_request_fails_for_it(DataPlaneKind kind)
    {
        await _scene.StartAsync(kind, isGateway: true, Beta("2"), Workers);
        await using var crowd = new Crowd(Callers, _scene.Port, TagScene.Host, ("cookie", "beta=1"));
        await crowd.AllGetAsync("stable");
        var listeners = kind == DataPlaneKind.Envoy ? await WorkersAndChangesAsync() : 0;
        string[] answers = ["canary", "stable", "canary", "stable", "canary"];
        foreach (var answer in answers)
        {
            var begin = TimeProvider.System.GetTimestamp();
            _scene.Tag(Beta(answer == "canary" ? "1" : "2"));
            await crowd.AllGetAsync(answer);
            var took = TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds;
            TestContext.Current.TestOutputHelper?.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{kind}: in force for all callers after {took:F0} ms"));
        }

        await crowd.NoneFailedAsync();

        // Nobody went back to the rules before.
        Assert.Equal(Callers * answers.Length, crowd.View.Returns);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {crowd.View.Total} requests, none failed");
        if (kind == DataPlaneKind.Envoy)
        {
            Assert.Equal(listeners, (await _scene.Proxy.StatsAsync())["listener_manager.lds.update_success"]);
        }
    }

    [Theory, EachDataPlane]
    public async Task Bad_rules_leave_the_last_good_ones_in_force_and_are_shown(DataPlaneKind kind)
    {
        await _scene.StartAsync(kind, isGateway: true, Beta("1"));
        await _scene.LeadsToAsync("canary", ("cookie", "beta=1"));
        _scene.Tag("{compiled: AQAAAAAA}");
        Assert.Contains("shop.tag", (await _scene.PluginAsync("rejected")).Error, StringComparison.Ordinal);
        await _scene.Proxy.Process.WaitForLineAsync("traffic-tag: these are no compiled rules");
        Assert.Contains(
            $"{_scene.Node} rejected plugin shop/tag, and keeps its last good version: ",
            await WeftProgram.OutputAsync("status", "--server", $"http://{_scene.Control.Admin}"), StringComparison.Ordinal);
        Assert.Equal("canary", await _scene.AskAsync(("cookie", "beta=1")));
        _scene.Tag(Beta("3"));
        await _scene.LeadsToAsync("canary", ("cookie", "beta=3"));
        await _scene.PluginAsync("synced");
    }

    [Theory, EachDataPlane]
    public async Task A_mistake_in_a_rule_never_leaves_the_control_plane(DataPlaneKind kind)
    {
        await _scene.StartAsync(kind, isGateway: true, Beta("1"));
        await MistakeAsync("{from: path, is: regex, value: '('}", "WEFT6201");
        await MistakeAsync("{from: cookie, is: equal, value: '1'}", "WEFT6203");
        await _scene.LeadsToAsync("canary", ("cookie", "beta=1"));
        await _scene.PluginAsync("synced");
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    private async Task MistakeAsync(string condition, string code)
    {
        _scene.Tag($"{{rules: [{{tag: canary, conditions: [{condition}]}}]}}");
        var status = await _scene.Control.StatusAsync("a mistake", s => s.Diagnostics.Any(d => d.Code == code));
        Assert.EndsWith("plugin.yaml", status.Diagnostics.First(d => d.Code == code).File, StringComparison.Ordinal);
    }

    private static string Beta(string value) =>
        $"{{role: gateway, rules: [{{tag: canary, conditions: [{{from: cookie, key: beta, is: equal, value: '{value}'}}]}}]}}";

    // How often the listeners have changed; each worker has connections of the crowd.
    private async Task<double> WorkersAndChangesAsync()
    {
        var stats = await _scene.Proxy.StatsAsync();
        for (var worker = 0; worker < Workers; worker++)
        {
            Assert.NotEqual(0, stats[$"listener.127.0.0.1_{_scene.Port}.worker_{worker}.downstream_cx_active"]);
        }

        return stats["listener_manager.lds.update_success"];
    }
}
