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
            Outcome.Verify(exchange, response, body);
        }
    }

    public async ValueTask DisposeAsync() => await mesh.ShowAsync();
}
