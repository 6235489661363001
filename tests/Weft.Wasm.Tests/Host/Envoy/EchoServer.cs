using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Wasm.Tests.Host.Envoy;

/// <summary>
/// The server behind Envoy: keeps the headers of each request line by line, and answers 200 with a few headers; a path
/// with <c>denied</c> gets 401, one with <c>slow</c> nothing.
/// </summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private const string Headers =
        "server-secret: s\r\nx-server: echo\r\nx-user: u1\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _run;

    public EchoServer()
    {
        _listener.Start();
        _run = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Path and headers of each request, with a comma between values of one name.</summary>
    public ConcurrentQueue<(string Path, Dictionary<string, string> Headers)> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _run;
    }

    /// <summary>Puts lines of headers together by name.</summary>
    public static Dictionary<string, string> Parse(IEnumerable<string> lines) =>
        lines.GroupBy(l => l.Split(": ", 2)[0], l => l.Split(": ", 2)[1])
            .ToDictionary(g => g.Key, g => string.Join(',', g));

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has been stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            while (await reader.ReadLineAsync() is { Length: > 0 } first)
            {
                await AnswerAsync(first.Split(' ')[1], reader, stream);
            }
        }
        catch (IOException)
        {
            // Envoy has gone.
        }
    }

    private async Task AnswerAsync(string path, StreamReader reader, NetworkStream stream)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        var headers = Parse(lines);
        var length = int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture);
        if (length > 0)
        {
            // With nothing to read it would wait for the next request.
            await reader.ReadBlockAsync(new char[length]);
        }

        Requests.Enqueue((path, headers));
        if (!path.Contains("slow", StringComparison.Ordinal))
        {
            var status = path.Contains("denied", StringComparison.Ordinal) ? "401 No" : "200 OK";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{Headers}"));
        }
    }
}
