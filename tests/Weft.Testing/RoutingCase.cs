using System.Collections.Immutable;
using Xunit;

namespace Weft.Testing;

/// <summary>
/// Rules of a route, and what becomes of requests under them: one text file of <c>tests/cases/routing</c>, which every
/// data plane and the compiled table must agree with.
/// </summary>
/// <remarks>
/// <code>
/// # why the case is there
/// rules:      the rules of an HTTPRoute, as in its manifest
/// policy:     the spec of a TrafficPolicy; may be missing
/// requests:   METHOD TARGET [header=value …] -> BACKEND-OR-STATUS [path=… host=… location=… sees:h=v sees!:h gets:h=v gets!:h]
/// </code>
/// In values <c>_</c> stands for a space.
/// </remarks>
/// <param name="Name">The file's name; the name of the service and of the route.</param>
public sealed record RoutingCase(string Name, string Rules, string? Policy, ImmutableArray<RoutingExchange> Exchanges)
{
    private const string Folder = "tests/cases/routing";

    /// <summary>The names of all cases.</summary>
    public static ImmutableArray<string> Names => [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, Folder), "*.txt")
        .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a case.</summary>
    public static RoutingCase Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, Folder, $"{name}.txt"));
        var (head, requests) = Split(text, "\nrequests:\n");
        var (before, rules) = Split(head, "\nrules:\n");
        Assert.StartsWith("#", before, StringComparison.Ordinal);
        string? policy = null;
        if (rules.Contains("\npolicy:\n", StringComparison.Ordinal))
        {
            (rules, policy) = Split(rules, "\npolicy:\n");
        }

        var lines = requests.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new(name, rules, policy, [.. lines.Select(RoutingExchange.Parse)]);
    }

    /// <summary>The service, its route and its policy, in the namespace <c>shop</c>.</summary>
    public string Manifests => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{Name}}, namespace: shop}
        spec: {ports: [{name: http, port: 80}]}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: {{Name}}, namespace: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: {{Name}}}]
          rules:
        {{Indented(Rules)}}
        ---

        """ + (Policy is null ? "" : $$"""
        apiVersion: weft.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: {{Name}}, namespace: shop}
        spec:
        {{Indented(Policy)}}
        ---

        """);

    private static string Indented(string text) => string.Join('\n', text.TrimEnd().Split('\n').Select(l => "  " + l));

    private static (string Before, string After) Split(string text, string at)
    {
        var i = text.IndexOf(at, StringComparison.Ordinal);
        Assert.True(i >= 0, $"The case has no part '{at.Trim()}'.");
        return (text[..(i + 1)], text[(i + at.Length)..]);
    }
}

/// <summary>A request and what it meets.</summary>
/// <param name="Text">The line that says so.</param>
/// <param name="Outcome">A backend's name, or a status.</param>
/// <param name="Checks">What else must hold.</param>
public sealed record RoutingExchange(
    string Text,
    string Method,
    string Target,
    ImmutableArray<(string Name, string Value)> Headers,
    string Outcome,
    ImmutableArray<string> Checks)
{
    internal static RoutingExchange Parse(string line)
    {
        var sides = line.Split(" -> ");
        var (request, expected) = (sides[0].Split(' '), sides[1].Split(' '));
        return new(
            line, request[0], request[1],
            [.. request.Skip(2).Select(h => (h[..h.IndexOf('=')], h[(h.IndexOf('=') + 1)..].Replace('_', ' ')))],
            expected[0], [.. expected.Skip(1).Select(c => c.Replace('_', ' '))]);
    }
}
