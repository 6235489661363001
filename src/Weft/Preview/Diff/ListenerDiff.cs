using System.Collections.Immutable;
using Envoy.Config.Listener.V3;

namespace Weft.Preview;

/// <summary>Listeners that come, go, move or change, in words.</summary>
internal static class ListenerDiff
{
    public static (ImmutableArray<string> Lines, ImmutableArray<string> Drains) Of(
        string name, Listener? before, Listener? after, ServiceNames names)
    {
        if (before is null || after is null)
        {
            return before is null
                ? ([$"listener {name}{On(after!)} is new"], [])
                : ([$"listener {name}{On(before)} goes"], Drain(name, before));
        }

        var (one, other) = (AddressOf(before), AddressOf(after));
        var lines = new List<string>();
        if (one != other)
        {
            lines.Add($"listener {name} moves: {one} → {other}");
        }

        lines.AddRange(Tables(before, after, names));
        var fields = FieldDiff.Of(before, after)
            .Where(f => (one == other || !f.Path.StartsWith("address.", StringComparison.Ordinal))
                && !f.Path.Contains(".route_config.", StringComparison.Ordinal))
            .ToList();
        lines.AddRange(ConfigDiff.Lines(fields).Select(line => $"listener {name}: {line}"));

        // "An update … the old listener is placed into a draining state"; gRPC's has no connections of its own.
        return ([.. lines], Drain(name, before));
    }

    public static string? AddressOf(Listener listener) => listener.Address is null ? null : Endpoints.AddressOf(listener.Address);

    private static ImmutableArray<string> Drain(string name, Listener listener) => listener.ApiListener is null
        ? [$"listener {name}: its open connections{On(listener)} end"]
        : [];

    private static string On(Listener listener) => AddressOf(listener) is { } address ? $" on {address}" : "";

    private static IEnumerable<string> Tables(Listener before, Listener after, ServiceNames names)
    {
        var others = HttpManagers.Of(after).ToList();
        foreach (var (index, one) in HttpManagers.Of(before).Index())
        {
            if (index < others.Count && one.RouteConfig is { } table && others[index].RouteConfig is { } changed)
            {
                foreach (var line in RouteTableDiff.Of(table, changed, names))
                {
                    yield return line;
                }
            }
        }
    }
}
