using Weft.EndToEnd.Tests.Stage;
using Weft.Model;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Whole sets of manifests of the Gateway API through real proxies.</summary>
public sealed class GatewayCaseTests(GatewayCaseFixture mesh) : IClassFixture<GatewayCaseFixture>
{
    private const string Copies = "copies=";
    private const string Certificate = "certificate=";

    public static TheoryData<DataPlaneKind, string> Cases => [.. Enum.GetValues<DataPlaneKind>()
        .SelectMany(kind => GatewayCase.Names.Select(name => (kind, name)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Requests_meet_what_the_case_says(DataPlaneKind kind, string name)
    {
        var scene = mesh[kind];
        var @case = scene.Cases[name];
        foreach (var node in @case.Requests.GroupBy(r => (r.Node, r.IsGateway)))
        {
            await using var proxy = await DataPlane.StartAsync(kind, scene.Control, node.Key.Node, isGateway: node.Key.IsGateway);
            await scene.Control.SyncedAsync(node.Key.Node);
            foreach (var request in node)
            {
                await SendAsync(request, request.IsGateway ? request.Port : scene.Clients[request.Node]);
            }
        }
    }

    private async Task SendAsync(GatewayRequest request, int port)
    {
        await Eventually.ListensAsync(port, cancellation: TestContext.Current.CancellationToken);
        var copied = Value(request, Copies) is { } copies ? mesh[new ObjectName(copies.Split('/')[0], copies.Split('/')[1])] : null;
        var before = copied?.View.Value.Requests;
        using var caller = new Caller(port, request.IsTls ? request.Host : null);
        using var response = await caller.SendAsync(request.Host, request.Exchange);
        Outcome.Verify(request.Exchange, response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        if (copied is not null)
        {
            await copied.RequestsAsync(before!.Value + 1);
        }

        if (Value(request, Certificate) is { } subject)
        {
            Assert.Equal($"CN={subject}", caller.Certificate);
        }
    }

    private static string? Value(GatewayRequest request, string check) =>
        request.Exchange.Checks.FirstOrDefault(c => c.StartsWith(check, StringComparison.Ordinal))?[check.Length..];
}
