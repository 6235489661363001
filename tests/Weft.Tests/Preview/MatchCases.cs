using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Preview;
using Weft.Testing;

namespace Weft.Tests.Preview;

/// <summary>A line of <c>cases/matches.txt</c>.</summary>
/// <param name="Fits">Whether Envoy says that it fits.</param>
internal sealed record MatchCase(bool Fits, RouteMatch Match, RouteRequest Request)
{
    public static IEnumerable<(int Line, MatchCase Case)> All() =>
        from line in File.ReadAllLines(Golden.PathOf("cases/matches.txt")).Index()
        where line.Item.Length > 0 && line.Item[0] != '#'
        select (line.Index + 1, Of(line.Item.Split(" | ")));

    private static MatchCase Of(string[] parts)
    {
        var request = parts[2].Split(" ; ");
        var start = request[0].Split(' ');
        return new(
            parts[0] == "fits", JsonParser.Default.Parse<RouteMatch>(parts[1]),
            new("case-0", start[0], start[1], [.. request[1..].Select(Header)]));
    }

    private static KeyValuePair<string, string> Header(string text)
    {
        var parts = text.Split(": ");
        return KeyValuePair.Create(parts[0], parts[1]);
    }
}
