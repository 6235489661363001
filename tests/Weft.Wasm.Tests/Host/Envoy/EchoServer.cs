using System.Collections.Concurrent;
using System.Net;
using Weft.Testing;

namespace Weft.Wasm.Tests.Host.Envoy;

/// <summary>
/// The server behind Envoy: keeps the requests that reach it, and answers 200 with a few headers, or what a request wants
/// by <c>x-want-status</c> and <c>x-want-delay</c>.
/// </summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public EchoServer()
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _run = RunAsync();
    }

    public int Port { get; } = FreePorts.Next();

    /// <summary>Path and headers of each request, with names in small letters.</summary>
    public ConcurrentQueue<(string Path, Dictionary<string, string> Headers)> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Close();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var headers = context.Request.Headers.AllKeys.ToDictionary(
            k => k!.ToLowerInvariant(), k => context.Request.Headers[k]!);
        Requests.Enqueue((context.Request.RawUrl!, headers));
        try
        {
            if (context.Request.RawUrl!.Contains("slow", StringComparison.Ordinal))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var denied = context.Request.RawUrl!.Contains("denied", StringComparison.Ordinal);
            context.Response.StatusCode = denied ? 401 : 200;
            context.Response.Headers["server-secret"] = "s";
            context.Response.Headers["x-server"] = "echo";
            context.Response.Headers["x-user"] = "u1";
            context.Response.ContentType = "text/plain";
            context.Response.OutputStream.Write("hello"u8);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Envoy has gone.
        }
    }
}
