using System.IO.Hashing;
using System.Net;
using System.Text;
using Envoy.Config.Core.V3;
using Weft.Proxy.Upstream;

namespace Weft.Tests.Proxy;

public sealed class BalancerTests
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
    public void Endpoints_that_drain_or_fail_get_nothing_while_at_least_half_are_left()
    {
        Assert.Equal("a a", Turns(Ring("a b:Draining"), 2));
        Assert.Equal("b a", Turns(Ring("a b c:Unhealthy d:Timeout"), 2));
        // "If fewer than half are healthy, Envoy balances among all of them."
        Assert.Equal("b c a b", Turns(Ring("a b:Draining c:Unhealthy"), 4));
        Assert.Equal("b", Turns(Ring("b:Draining"), 1));
        Assert.Null(Ring("").Pick());
    }

    [Fact]
    public void Without_a_panic_threshold_nothing_is_left_where_nothing_is_healthy()
    {
        var set = Resources.Compile(Resources.Endpoints("c", At('a')));
        var down = new EndpointSet([set.Endpoints[0] with { Healthy = false }]);
        Assert.Null(Balancer.Create(down, new BalancerConfig.RoundRobin(), false, 0, () => 0).Pick());
    }

    // The examples of Envoy's documentation, "Priority levels" and "Panic threshold".
    [Theory]
    [InlineData("100/100 100/100", "100 0")]
    [InlineData("72/100 72/100", "100 0")]
    [InlineData("71/100 71/100", "99 1")]
    [InlineData("50/100 50/100", "70 30")]
    [InlineData("25/100 100/100", "35 65")]
    [InlineData("25/100 25/100", "50! 50!")]
    [InlineData("0/100 100/100", "0 100")]
    [InlineData("0/3 0/1", "75! 25!")]
    [InlineData("0/0 1/1", "0 100")]
    public void Traffic_spills_over_to_lower_priorities_as_in_Envoy(string levels, string expected)
    {
        var counts = levels.Split(' ').Select(l => l.Split('/')).Select(l => (int.Parse(l[0], null), int.Parse(l[1], null)));
        var loads = PriorityLoads.Of([.. counts], 50);
        Assert.Equal(expected, string.Join(' ', loads.Select(l => $"{l.Percent}{(l.Panics ? "!" : "")}")));
    }

    /// <summary>The answers of Envoy 1.40 for these two endpoints and the cookies "1" to "12".</summary>
    [Fact]
    public void The_ring_is_that_of_Envoy()
    {
        var set = Resources.Compile(Resources.Endpoints("c", new(IPAddress.Loopback, 18999), new(IPAddress.Loopback, 1)));
        var ring = Balancer.Create(set, new BalancerConfig.RingHash(1024, 1 << 20), false, 50, () => 0);
        var ports = Enumerable.Range(1, 12).Select(i => ring.Pick(Hash($"{i}"))!.Address.Port);
        Assert.Equal([1, 18999, 18999, 1, 18999, 1, 1, 1, 1, 18999, 1, 18999], ports);
    }

    [Theory]
    [InlineData("ring")]
    [InlineData("maglev")]
    public void A_hash_keeps_its_endpoint_when_another_one_goes(string kind)
    {
        BalancerConfig config = kind == "ring" ? new BalancerConfig.RingHash(1024, 1 << 20) : new BalancerConfig.Maglev(65_537);
        var all = Resources.Compile(Resources.Endpoints("c", [.. "abcdefghij".Select(At)]));
        var before = Balancer.Create(all, config, false, 50, () => 0);
        var after = Balancer.Create(new([.. all.Endpoints.Skip(1)]), config, false, 50, () => 0);
        var hashes = Enumerable.Range(0, 5000).Select(i => Hash($"caller {i}")).ToArray();
        var counts = hashes.CountBy(h => Name(before.Pick(h)!)).ToDictionary();
        Assert.All(counts.Values, c => Assert.InRange(c, 200, 900));
        var moved = hashes.Count(h => before.Pick(h) is var old && Name(old!) != "a" && old != after.Pick(h));
        Assert.InRange(moved, 0, 600);
    }

    [Fact]
    public void Heavy_endpoints_own_more_of_ring_and_table()
    {
        var set = Resources.Compile(Resources.Endpoints("c", At('a'), At('b')));
        var weighted = new EndpointSet([set.Endpoints[0] with { Weight = 3 }, set.Endpoints[1]]);
        var hashes = Enumerable.Range(0, 10_000).Select(i => Hash($"caller {i}")).ToArray();
        foreach (var config in new BalancerConfig[] { new BalancerConfig.RingHash(1024, 1 << 20), new BalancerConfig.Maglev(65_537) })
        {
            var balancer = Balancer.Create(weighted, config, false, 50, () => 0);
            Assert.InRange(hashes.Count(h => Name(balancer.Pick(h)!) == "a"), 7000, 8000);
        }
    }

    [Fact]
    public void Of_two_drawn_endpoints_the_less_busy_one_is_taken()
    {
        var set = Resources.Compile(Resources.Endpoints("c", At('a'), At('b')));
        var dice = new Queue<double>([0.1, 0.9, 0.9, 0.1, 0.1, 0.1]);
        var balancer = Balancer.Create(set, new BalancerConfig.LeastRequest(2), false, 50, dice.Dequeue);
        set.Endpoints[0].State.Active.Increment();
        Assert.Equal("b b a", Turns(balancer, 3));
    }

    [Fact]
    public void A_drawn_endpoint_is_any()
    {
        var set = Resources.Compile(Resources.Endpoints("c", At('a'), At('b')));
        var dice = new Queue<double>([0.1, 0.9]);
        Assert.Equal("a b", Turns(Balancer.Create(set, new BalancerConfig.Drawn(), false, 50, dice.Dequeue), 2));
    }

    [Fact]
    public void An_endpoint_that_the_proxy_has_put_aside_gets_nothing()
    {
        var set = Resources.Compile(Resources.Endpoints("c", At('a'), At('b')));
        set.Endpoints[0].State.Ejected = true;
        Assert.Equal("b b", Turns(Balancer.Create(set, new BalancerConfig.RoundRobin(), false, 50, () => 0), 2));
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
        var a = ring.Pick()!;
        while (Name(a) != "a")
        {
            a = ring.Pick()!;
        }

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal("b", Name(ring.PickExcept(a)!)));
        var alone = Ring("a");
        Assert.Null(alone.PickExcept(alone.Pick()!));
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
        var byLocality = Turns(Balancer.Create(set, new BalancerConfig.RoundRobin(), byLocality: true, 50, () => 0), 8).Split(' ').CountBy(t => t).ToDictionary();
        Assert.Equal((1, 1, 6), (byLocality["a"], byLocality["b"], byLocality["c"]));
        var plain = Turns(Balancer.Create(set, new BalancerConfig.RoundRobin(), byLocality: false, 50, () => 0), 9).Split(' ').CountBy(t => t).ToDictionary();
        Assert.Equal((3, 3, 3), (plain["a"], plain["b"], plain["c"]));
    }

    /// <summary>One text for each priority, of words such as <c>a</c>, <c>a*5</c> and <c>a:Draining</c>.</summary>
    private static Balancer Ring(params string[] priorities)
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

        return Balancer.Create(Resources.Compile(message), new BalancerConfig.RoundRobin(), byLocality: false, 50, () => 0);
    }

    private static ulong Hash(string text) => XxHash64.HashToUInt64(Encoding.ASCII.GetBytes(text));

    private static IPEndPoint At(char name) => new(IPAddress.Loopback, name);

    private static string Name(Weft.Proxy.Upstream.Endpoint endpoint) => ((char)endpoint.Address.Port).ToString();

    private static string Turns(Balancer ring, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => Name(ring.Pick()!)));
}
