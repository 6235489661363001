using System.Net.Http.Headers;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>The routing cases through real proxies.</summary>
public sealed class RoutingTests(RoutingFixture mesh) : IClassFixture<RoutingFixture>, IAsyncDisposable
{
    public static TheoryData<DataPlaneKind, string> Cases => [.. Enum.GetValues<DataPlaneKind>()
        .SelectMany(kind => RoutingCase.Names.Select(name => (kind, name)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Requests_meet_what_the_case_says(DataPlaneKind kind, string name)
    {
        var caller = (await mesh.ClientAsync(kind)).Caller;
        foreach (var exchange in RoutingCase.Read(name).Exchanges)
        {
            using var response = await caller.SendAsync(name, exchange);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var seen = body.Split('\n');
            var outcome = int.TryParse(exchange.Outcome, out _) ? $"{(int)response.StatusCode}" : seen[0];
            var complaints = exchange.Checks.Where(check => !Holds(check, response, seen)).ToList();
            Assert.True(
                outcome == exchange.Outcome && complaints.Count == 0,
                $"{exchange.Text}\nfails: {exchange.Outcome} {string.Join(' ', complaints)}\n{(int)response.StatusCode} {response.Headers}{body}");
        }
    }

    public async ValueTask DisposeAsync() => await mesh.ShowAsync();

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
