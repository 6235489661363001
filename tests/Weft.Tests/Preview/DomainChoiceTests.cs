using Envoy.Config.Route.V3;
using Weft.Preview;
using Weft.Testing;

namespace Weft.Tests.Preview;

public sealed class DomainChoiceTests
{
    [Fact]
    public void A_host_falls_to_the_virtual_host_that_Envoy_says()
    {
        var (table, asked) = Cases();
        Assert.NotEmpty(asked);
        Assert.Equal(
            asked, asked.Select(a => (a.Host, DomainChoice.Of(table, RouteRequest.Get(a.Host, "/"))?.Host.Name ?? "none")));
    }

    [Theory]
    [InlineData("a.com:8080", true, "a")]
    [InlineData("a.com:8080", false, null)]
    [InlineData("[::1]:80", true, "b")]
    [InlineData("[::1]", true, "b")]
    public void A_port_is_passed_over_where_the_table_says_so(string host, bool ignore, string? expected)
    {
        var table = new RouteConfiguration
        {
            IgnorePortInHostMatching = ignore,
            VirtualHosts =
            {
                new VirtualHost { Name = "a", Domains = { "a.com" } }, new VirtualHost { Name = "b", Domains = { "[::1]" } },
            },
        };
        Assert.Equal(expected, DomainChoice.Of(table, RouteRequest.Get(host, "/"))?.Host.Name);
    }

    private static (RouteConfiguration Table, List<(string Host, string Name)> Asked) Cases()
    {
        var table = new RouteConfiguration();
        var asked = new List<(string, string)>();
        foreach (var line in File.ReadAllLines(Golden.PathOf("cases/domains.txt")).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            var (left, right) = (line[..colon], line[(colon + 2)..]);
            if (left.StartsWith("host ", StringComparison.Ordinal))
            {
                table.VirtualHosts.Add(new VirtualHost { Name = left[5..], Domains = { right.Split(", ") } });
            }
            else
            {
                asked.Add((left[4..], right));
            }
        }

        return (table, asked);
    }
}
