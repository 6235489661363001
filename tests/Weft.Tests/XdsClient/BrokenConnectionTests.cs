using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Testing;
using Weft.Xds.Client;

namespace Weft.Tests.XdsClient;

/// <summary>
/// A connection that ends while the client writes. Nothing is left to chance: what it writes is longer than it may write
/// without leave, which it never gets.
/// </summary>
public sealed class BrokenConnectionTests
{
    // RFC 9113 §6.9.2: how much of a stream a peer takes unless it gives leave for more.
    private const int Window = 65_535;

    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    // RFC 9113 §6.5, §6.8: a length in 24 bits, a type, flags and a stream; then the last stream that was heard, and no error.
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Theory]
    [InlineData(false)]
    public async Task A_client_whose_connection_ends_under_a_write_goes_on(bool isTold)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var client = new Weft.Xds.Client.XdsClient(
            new XdsClientSettings(new Uri($"http://{listener.LocalEndpoint}"), new() { Id = new string('n', 3 * Window) }),
            (_, _, _) => ResourceVerdict.Accept(null), TimeProvider.System, () => 0, NullLogger.Instance);
        var running = client.RunAsync(stop.Token);
        using var server = await listener.AcceptTcpClientAsync(Test);
        await FillAsync(server.GetStream());
        if (isTold)
        {
            await server.GetStream().WriteAsync(GoAway, Test);
        }
        else
        {
            server.Client.Close(0);
        }

        var noticed = await Task.WhenAny(LossAsync(client), running).WaitAsync(Eventually.Patience, Test);
        Assert.True(noticed != running, $"The client has ended: {running.Exception?.GetBaseException()}");
        using var next = await listener.AcceptTcpClientAsync(Test).AsTask().WaitAsync(Eventually.Patience, Test);
        await stop.CancelAsync();
        await running;
    }

    private static async Task FillAsync(NetworkStream connection)
    {
        await connection.WriteAsync(Settings, Test);
        var buffer = new byte[Window];
        await connection.ReadExactlyAsync(buffer, Test);
    }

    private static async Task LossAsync(Weft.Xds.Client.XdsClient client)
    {
        await foreach (var snapshot in client.Snapshot.WatchAsync(Test))
        {
            if (snapshot.LastError is not null)
            {
                return;
            }
        }
    }
}
