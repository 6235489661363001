using System.Net;
using Envoy.Config.Core.V3;
using Weft.Proxy.Upstream;

namespace Weft.Tests.Proxy;

public sealed class EndpointRingTests
{
    [Fact]
    public void Equal_endpoints_take_turns()
    {
        var ring = Ring("a b c");
        Assert.Equal("b c a b c a", Turns(ring, 6));
    }

    [Fact]
    public void Heavy_endpoints_come_oftener_and_evenly_spread()
    {
        var ring = Ring("a*5 b*1 c*1");
        var turns = Turns(ring, 14).Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(10, turns.Count(c => c == 'a'));
        Assert.Equal(2, turns.Count(c => c == 'b'));
        Assert.DoesNotContain("aaaaa", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Huge_weights_make_no_huge_schedule()
    {
        var ring = Ring($"a*{uint.MaxValue} b*{uint.MaxValue - 1} c*1");
        var turns = Turns(ring, 5000).Split(' ').CountBy(t => t).ToDictionary();
        Assert.InRange(turns["a"], 2300, 2700);
        Assert.InRange(turns["b"], 2300, 2700);
        Assert.True(turns.ContainsKey("c"));
    }

    [Fact]
    public void Endpoints_that_drain_or_fail_get_nothing()
    {
        Assert.Equal("a a", Turns(Ring("a b:Draining c:Unhealthy d:Timeout"), 2));
        Assert.Null(Ring("b:Draining").Next());
        Assert.Null(Ring("").Next());
    }

    [Fact]
    public void A_lower_priority_waits_until_the_higher_one_is_gone()
    {
        Assert.Equal("a a", Turns(Ring("a", "b"), 2));
        Assert.Equal("b b", Turns(Ring("a:Unhealthy", "b"), 2));
    }

    [Fact]
    public void A_second_try_goes_elsewhere()
    {
        var ring = Ring("a*9 b*1");
        var a = ring.Next()!;
        while (Name(a) != "a")
        {
            a = ring.Next()!;
        }

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal("b", Name(ring.NextExcept(a)!)));
        var alone = Ring("a");
        Assert.Null(alone.NextExcept(alone.Next()!));
    }

    [Fact]
    public void Localities_share_by_their_weights_where_asked_to()
    {
        var message = Resources.Endpoints("c", At('a'), At('b'));
        message.Endpoints[0].LoadBalancingWeight = 1;
        var other = Resources.Endpoints("c", At('c')).Endpoints[0];
        other.LoadBalancingWeight = 3;
        message.Endpoints.Add(other);
        var set = Resources.Compile(message);
        var byLocality = Turns(EndpointRing.Create(set, byLocality: true, 0), 8).Split(' ').CountBy(t => t).ToDictionary();
        Assert.Equal((1, 1, 6), (byLocality["a"], byLocality["b"], byLocality["c"]));
        var plain = Turns(EndpointRing.Create(set, byLocality: false, 0), 9).Split(' ').CountBy(t => t).ToDictionary();
        Assert.Equal((3, 3, 3), (plain["a"], plain["b"], plain["c"]));
    }

    /// <summary>One text for each priority, of words such as <c>a</c>, <c>a*5</c> and <c>a:Draining</c>.</summary>
    private static EndpointRing Ring(params string[] priorities)
    {
        var message = Resources.Endpoints("c");
        message.Endpoints.Clear();
        foreach (var (priority, words) in priorities.Index())
        {
            var locality = Resources.Endpoints("c").Endpoints[0];
            locality.Priority = (uint)priority;
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var endpoint = Resources.Endpoints("c", At(word[0])).Endpoints[0].LbEndpoints[0];
                endpoint.LoadBalancingWeight = word.Contains('*') ? uint.Parse(word[2..], null) : null;
                endpoint.HealthStatus = word.Contains(':') ? Enum.Parse<HealthStatus>(word[2..]) : HealthStatus.Unknown;
                locality.LbEndpoints.Add(endpoint);
            }

            message.Endpoints.Add(locality);
        }

        return EndpointRing.Create(Resources.Compile(message), byLocality: false, 0);
    }

    private static IPEndPoint At(char name) => new(IPAddress.Loopback, name);

    private static string Name(Weft.Proxy.Upstream.Endpoint endpoint) => ((char)endpoint.Address.Port).ToString();

    private static string Turns(EndpointRing ring, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => Name(ring.Next()!)));
}
