using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Weft.EndToEnd.Tests.Stage;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>TrafficTag in real proxies: a colour, and the route by it.</summary>
public sealed class ColouringTests : IAsyncDisposable
{
    private const string ByCookie = "{from: cookie, key: beta, is: equal, value: '1'}";
    private const string ByDevice = "{from: header, key: user-agent, is: regex, value: '.*(Android|iPhone).*'}";

    private readonly TagScene _scene = new();

    [Theory, EachDataPlane]
    public async Task The_colour_decides_the_route_of_the_same_request_and_a_gateway_believes_no_client(DataPlaneKind kind)
    {
        await _scene.StartAsync(kind, isGateway: true, Rules("gateway", ByCookie, ByDevice));
        await _scene.LeadsToAsync("canary", ("cookie", "a=2; beta=1"));
        Assert.Equal("stable", await _scene.AskAsync());
        Assert.Equal("stable", await _scene.AskAsync(("cookie", "beta=2")));
        Assert.Equal("canary", await _scene.AskAsync(("user-agent", "Mozilla/5.0 (Linux; Android 15)")));
        Assert.Equal("stable", await _scene.AskAsync(("user-agent", "Mozilla/5.0 (X11; Linux x86_64)")));
        Assert.Equal("stable", await _scene.AskAsync((TagScene.Header, "canary")));
        Assert.Equal("stable", await _scene.AskAsync((TagScene.Header, "canary"), (TagScene.Header, "canary")));

        var seen = (await _scene.Caller.GetAsync(TagScene.Host, "/headers", (TagScene.Header, "evil"), ("cookie", "beta=1"))).Body;
        Assert.Contains($"\n{TagScene.Header}: canary", seen, StringComparison.Ordinal);
        seen = (await _scene.Caller.GetAsync(TagScene.Host, "/headers", (TagScene.Header, "evil"))).Body;
        Assert.DoesNotContain(TagScene.Header, seen, StringComparison.Ordinal);
    }

    [Theory, EachDataPlane]
    public async Task A_sidecar_keeps_the_colour_that_came_and_colours_what_has_none(DataPlaneKind kind)
    {
        await _scene.StartAsync(kind, isGateway: false, Rules("sidecar", ByCookie));
        await _scene.LeadsToAsync("canary", ("cookie", "beta=1"));
        Assert.Equal("canary", await _scene.AskAsync((TagScene.Header, "canary")));
        Assert.Equal("stable", await _scene.AskAsync((TagScene.Header, "other"), ("cookie", "beta=1")));
        Assert.Equal("stable", await _scene.AskAsync());
    }

    [Theory, EachDataPlane]
    public async Task A_share_is_of_keys_and_grows_without_losing_any(DataPlaneKind kind)
    {
        await _scene.StartAsync(kind, isGateway: true, Rules("gateway", Share(20)));
        await _scene.LeadsToAsync("canary", ("x-user", User(percent => percent < 20)));
        var few = await TakenAsync();
        _scene.Tag(Rules("gateway", Share(40)));
        await _scene.LeadsToAsync("canary", ("x-user", User(percent => percent is >= 20 and < 40)));
        var more = await TakenAsync();
        Assert.Subset(more, few);

        // Whom it takes can be foretold, so it is near its share for these users as for any.
        Assert.Equal(Users.Where(u => PercentOf(u) < 20).ToHashSet(), few);
        Assert.Equal(Users.Where(u => PercentOf(u) < 40).ToHashSet(), more);
        Assert.InRange(few.Count, 40, 80);
        Assert.InRange(more.Count, 95, 145);
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    private static IEnumerable<string> Users => Enumerable.Range(0, 300).Select(i => $"user-{i}");

    private static string User(Func<ulong, bool> isIt) => Users.First(user => isIt(PercentOf(user)));

    private static ulong PercentOf(string user) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(user))) % 100;

    private static string Share(int percent) => $"{{from: header, key: x-user, is: percentage, value: {percent}}}";

    private static string Rules(string role, params IEnumerable<string> conditions) =>
        $"{{role: {role}, rules: [{{tag: canary, match: any, conditions: [{string.Join(", ", conditions)}]}}]}}";

    // Each is asked twice: once taken, always taken.
    private async Task<ISet<string>> TakenAsync()
    {
        var taken = new HashSet<string>();
        foreach (var user in Users)
        {
            var answer = await _scene.AskAsync(("x-user", user));
            Assert.Equal(answer, await _scene.AskAsync(("x-user", user)));
            if (answer == "canary")
            {
                taken.Add(user);
            }
        }

        return taken;
    }
}
