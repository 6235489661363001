using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Services that speak no HTTP, through the proxies of both sides.</summary>
public sealed class TcpTests : IAsyncDisposable
{
    private readonly WeftRun _control = new();
    private readonly CancellationTokenSource _stopping = new();

    [Theory]
    [InlineData(DataPlaneKind.Envoy)]
    [InlineData(DataPlaneKind.Embedded)]
    public async Task Bytes_pass_two_proxies_in_both_directions(DataPlaneKind kind)
    {
        using var echo = new TcpListener(IPAddress.Loopback, 0);
        echo.Start();
        var echoing = EchoAsync(echo);
        var (inbound, outbound) = (FreePorts.Next(), FreePorts.Next());
        _control.Manifests.Write("mesh.yaml", $$"""
            apiVersion: v1
            kind: Service
            metadata: {name: database, namespace: shop}
            spec: {ports: [{port: 5432, appProtocol: tcp}]}
            ---
            apiVersion: weft.dev/v1alpha1
            kind: Workload
            metadata: {name: database-1, namespace: shop}
            spec: {service: database, address: 127.0.0.1, appPort: {{((IPEndPoint)echo.LocalEndpoint).Port}}, inboundPort: {{inbound}}}
            ---
            apiVersion: weft.dev/v1alpha1
            kind: Workload
            metadata: {name: client, namespace: shop}
            spec: {address: 127.0.0.1, tcpOutbound: [{service: database, port: 5432, listen: {{outbound}}}]}
            """);
        await _control.StartAsync();
        await using var server = await DataPlane.StartAsync(kind, _control, "database-1.shop");
        await using var client = await DataPlane.StartAsync(kind, _control, "client.shop");
        await _control.SyncedAsync("database-1.shop");
        await _control.SyncedAsync("client.shop");
        await Eventually.ListensAsync(inbound, cancellation: TestContext.Current.CancellationToken);
        await Eventually.ListensAsync(outbound, cancellation: TestContext.Current.CancellationToken);
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, outbound, TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        for (var round = 0; round < 3; round++)
        {
            var sent = new byte[10_000];
            new Random(round).NextBytes(sent);
            await stream.WriteAsync(sent, TestContext.Current.CancellationToken);
            var back = new byte[sent.Length];
            await stream.ReadExactlyAsync(back, TestContext.Current.CancellationToken);
            Assert.Equal(sent, back);
        }

        foreach (var (proxy, cluster) in new[] { (client, "outbound|5432||database.shop.svc.cluster.local"), (server, "inbound|") })
        {
            Assert.Matches(
                $@"envoy_cluster_upstream_cx_total{{envoy_cluster_name=""{Regex.Escape(cluster)}[^""]*""}} [1-9]",
                await proxy.PageAsync("/stats/prometheus"));
        }

        await _stopping.CancelAsync();
        await echoing;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _control.DisposeAsync();
        _stopping.Dispose();
    }

    // Gives back what it gets, on each connection until its end.
    private async Task EchoAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync(_stopping.Token);
                _ = GiveBackAsync(connection);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task GiveBackAsync(TcpClient connection)
    {
        using (connection)
        {
            await connection.GetStream().CopyToAsync(connection.GetStream(), _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
