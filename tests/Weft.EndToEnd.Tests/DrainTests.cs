using System.Net;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Status.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;
using Weft.Xds;

namespace Weft.EndToEnd.Tests;

/// <summary>A control plane that is asked to end while clients are connected.</summary>
public sealed class DrainTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_control_plane_that_drains_says_so_lets_its_streams_go_and_ends()
    {
        using var folder = new TempFolder();
        var (xds, admin) = ($"127.0.0.1:{FreePorts.Next()}", $"127.0.0.1:{FreePorts.Next()}");
        await using var weft = WeftProgram.Start("run", "--manifests", folder.Path, "--xds", xds, "--admin", admin, "--drain", "3s");
        await Eventually.AnswersAsync(new Uri($"http://{admin}/readyz"), cancellation: Test);
        using var channel = GrpcChannel.ForAddress($"http://{xds}");
        var ads = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel);
        // .NET's client may see the end of the connection before that of the last stream: one more stream keeps it open.
        using var open = new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(channel)
            .StreamClientStatus(cancellationToken: Test);
        await open.RequestStream.WriteAsync(new(), Test);
        Assert.True(await open.ResponseStream.MoveNext(Test));
        var calls = Enumerable.Range(0, 10).Select(_ => ads.DeltaAggregatedResources(cancellationToken: Test)).ToList();
        foreach (var call in calls)
        {
            await call.RequestStream.WriteAsync(new() { Node = new() { Id = "n" }, TypeUrl = TypeUrl.Cluster }, Test);
            Assert.True(await call.ResponseStream.MoveNext(Test));
        }

        weft.Signal("TERM");
        using var http = new HttpClient();
        await Eventually.GetAsync(
            "it is not ready any more",
            async stop =>
            {
                using var answer = await http.GetAsync(new Uri($"http://{admin}/readyz"), stop);
                return (answer.StatusCode, await answer.Content.ReadAsStringAsync(stop));
            },
            answer => answer == (HttpStatusCode.ServiceUnavailable, "draining\n"),
            cancellation: Test);
        foreach (var call in calls)
        {
            Assert.False(await call.ResponseStream.MoveNext(Test));
            Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
            call.Dispose();
        }

        open.Dispose();
        Assert.Equal(0, await weft.WaitForExitAsync());
    }
}
