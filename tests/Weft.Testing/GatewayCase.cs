using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Weft.Testing;

/// <summary>
/// A whole set of manifests as people write them for the Gateway API, what becomes of its objects, and what becomes of
/// requests: one text file of <c>tests/cases/gateway-api</c>.
/// </summary>
/// <remarks>
/// <code>
/// # why the case is there
/// manifests:   $80 is a port of the test's choice; $crt(HOST) and $key(HOST) a certificate and its key
/// conditions:  what weft validate says of each object
/// requests:    NODE METHOD URL [header=value …] -> BACKEND[|BACKEND …]-OR-STATUS [checks as in a routing case]
/// </code>
/// A node is NAME.NAMESPACE of a gateway of the case, or client.NAMESPACE, a workload that the test adds.
/// </remarks>
public sealed partial record GatewayCase(
    string Name, string Manifests, ImmutableArray<string> Conditions, ImmutableArray<GatewayRequest> Requests)
{
    private const string Folder = "tests/cases/gateway-api";

    /// <summary>The names of all cases.</summary>
    public static ImmutableArray<string> Names => [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, Folder), "*.txt")
        .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a case.</summary>
    /// <param name="portOf">What a listener's port is in this test.</param>
    /// <param name="pemOf">The certificate of a host, or its key.</param>
    public static GatewayCase Read(string name, Func<int, int> portOf, Func<string, bool, string> pemOf)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, Folder, $"{name}.txt"));
        text = Port().Replace(text, m => $"{portOf(int.Parse(m.Groups["port"].ValueSpan, CultureInfo.InvariantCulture))}");
        text = Pem().Replace(text, m => JsonSerializer.Serialize(pemOf(m.Groups["host"].Value, m.Groups["what"].Value == "key")));
        var parts = text.Split(["\nmanifests:\n", "\nconditions:\n", "\nrequests:\n"], StringSplitOptions.None);
        Assert.Equal(4, parts.Length);
        Assert.StartsWith("#", text, StringComparison.Ordinal);
        return new(name, parts[1] + "\n", Lines(parts[2]), [.. Lines(parts[3]).Select(l => GatewayRequest.Parse(l, portOf))]);
    }

    private static ImmutableArray<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    [GeneratedRegex(@"\$(?<port>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Port();

    [GeneratedRegex(@"\$(?<what>crt|key)\((?<host>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Pem();
}

/// <summary>A request to a proxy.</summary>
/// <param name="Host">With the port where the URL has one.</param>
/// <param name="Port">The listener's port in this test, where the node is a gateway.</param>
public sealed record GatewayRequest(string Node, bool IsTls, string Host, int Port, RoutingExchange Exchange)
{
    /// <summary>Whether the node is a gateway of the case, else a workload that only sends.</summary>
    public bool IsGateway => !Node.StartsWith("client.", StringComparison.Ordinal);

    /// <summary>The outcomes that are right.</summary>
    public ImmutableArray<string> Outcomes => [.. Exchange.Outcome.Split('|')];

    internal static GatewayRequest Parse(string line, Func<int, int> portOf)
    {
        var (node, request) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
        var exchange = RoutingExchange.Parse(request);
        var isTls = exchange.Target.StartsWith("https:", StringComparison.Ordinal);
        var rest = exchange.Target[(exchange.Target.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var (host, target) = (rest[..rest.IndexOf('/')], rest[rest.IndexOf('/')..]);
        var port = host.Contains(':') ? int.Parse(host[(host.IndexOf(':') + 1)..], CultureInfo.InvariantCulture) : isTls ? 443 : 80;
        return new(node, isTls, host, portOf(port), exchange with { Text = line, Target = target });
    }
}
