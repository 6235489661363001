using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Testing;
using Weft.Xds.Client;

namespace Weft.Tests.XdsClient;

/// <summary>
/// A connection that ends while the client writes, or before it was heard. Nothing is left to chance: a write that is to
/// be cut off is longer than the client may write without leave, which it never gets.
/// </summary>
public sealed class BrokenConnectionTests
{
    // RFC 9113 §6.9.2: how much of a stream a peer takes unless it gives leave for more.
    private const int Window = 65_535;

    private const string Id = "the-node-that-asks";

    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    // RFC 9113 §6.5, §6.8: a length in 24 bits, a type, flags and a stream; then the last stream that was heard, and no error.
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_whose_connection_ends_under_a_write_goes_on(bool isTold)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var client = Client(listener, new string('n', 3 * Window));
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

    [Fact]
    public async Task A_client_whose_stream_is_refused_says_again_all_that_it_said()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var running = Client(listener, Id).RunAsync(stop.Token);
        for (var i = 0; i < 3; i++)
        {
            using var server = await listener.AcceptTcpClientAsync(Test).AsTask().WaitAsync(Eventually.Patience, Test);
            await server.GetStream().WriteAsync(Settings, Test);
            await SaysAsync(server.GetStream(), Id).WaitAsync(Eventually.Patience, Test);
            await server.GetStream().WriteAsync(GoAway, Test);
        }

        await stop.CancelAsync();
        await running;
    }

    private static Weft.Xds.Client.XdsClient Client(TcpListener listener, string id) => new(
        new XdsClientSettings(new Uri($"http://{listener.LocalEndpoint}"), new() { Id = id }),
        (_, _, _) => ResourceVerdict.Accept(null), TimeProvider.System, () => 0, NullLogger.Instance);

    private static async Task SaysAsync(NetworkStream connection, string text)
    {
        var said = "";
        var buffer = new byte[Window];
        while (!said.Contains(text, StringComparison.Ordinal))
        {
            var read = await connection.ReadAsync(buffer, Test);
            Assert.NotEqual(0, read);
            said += Encoding.Latin1.GetString(buffer, 0, read);
        }
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
