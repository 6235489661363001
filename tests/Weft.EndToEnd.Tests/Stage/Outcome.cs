using System.Net.Http.Headers;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>Whether an answer is the one that a case expects.</summary>
internal static class Outcome
{
    public static void Verify(RoutingExchange exchange, HttpResponseMessage response, string body)
    {
        var seen = body.Split('\n');
        var expected = exchange.Outcome.Split('|');
        var outcome = int.TryParse(exchange.Outcome, out _) ? $"{(int)response.StatusCode}" : seen[0];
        var complaints = exchange.Checks.Where(check => !Holds(check, response, seen)).ToList();
        Assert.True(
            expected.Contains(outcome) && complaints.Count == 0,
            $"{exchange.Text}\nfails: {exchange.Outcome} {string.Join(' ', complaints)}\n{(int)response.StatusCode} {response.Headers}{body}");
    }

    private static bool Holds(string check, HttpResponseMessage response, string[] seen)
    {
        var (what, value) = (check[..check.IndexOfAny(['=', ':'])], check[(check.IndexOfAny(['=', ':']) + 1)..]);
        return what switch
        {
            "path" or "host" => Line(seen, what) == value,
            "location" => response.Headers.Location?.OriginalString == value,
            "sees" => Same(Line(seen, value[..value.IndexOf('=')]), value[(value.IndexOf('=') + 1)..]),
            "sees!" => Line(seen, value) is null,
            "gets" => Same(Header(response.Headers, value[..value.IndexOf('=')]), value[(value.IndexOf('=') + 1)..]),
            "gets!" => Header(response.Headers, value) is null,
            // Looked at where the connection and the other applications are known.
            "copies" or "certificate" => true,
            _ => throw new InvalidOperationException($"The case has an unknown check: {check}"),
        };
    }

    // Values of one name may come as one line or as several (RFC 9110, 5.2), with any space after the comma.
    private static bool Same(string? actual, string expected) =>
        actual?.Replace(", ", ",", StringComparison.Ordinal) == expected.Replace(", ", ",", StringComparison.Ordinal);

    private static string? Line(string[] seen, string name) =>
        seen.FirstOrDefault(l => l.StartsWith($"{name}: ", StringComparison.Ordinal))?[(name.Length + 2)..];

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
