using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Weft.Testing;

/// <summary>
/// Waits for something that an outside program comes to say: an admin page, a file, a port. Such programs publish no
/// signal, so it asks again every few milliseconds. Whatever publishes a signal is awaited instead, never polled.
/// </summary>
public static class Eventually
{
    /// <summary>How long a wait lasts unless told; generous, since it is only used up by a failure.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Asks, at least once, until the answer is as wanted. No connection, or a broken one, means "not yet".</summary>
    /// <param name="what">What is waited for, for the failure: "Envoy lists the cluster".</param>
    public static async Task<T> GetAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> ask,
        Func<T, bool> isIt,
        TimeSpan? patience = null,
        CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(patience ?? Patience);
        var seen = "nothing";
        do
        {
            try
            {
                var answer = await ask(stop.Token);
                if (isIt(answer))
                {
                    return answer;
                }

                seen = answer?.ToString() ?? "null";
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
            {
                seen = e.Message;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
        while (!stop.IsCancellationRequested);

        cancellation.ThrowIfCancellationRequested();
        Assert.Fail($"Waited {patience ?? Patience} for: {what}\nlast seen: {seen}");
        throw new UnreachableException();
    }

    /// <summary>Asks until the condition holds.</summary>
    public static Task HoldsAsync(
        string what,
        Func<CancellationToken, Task<bool>> ask,
        TimeSpan? patience = null,
        CancellationToken cancellation = default) =>
        GetAsync(what, ask, holds => holds, patience, cancellation);

    /// <summary>Asks an address until it answers with a 2xx status, and returns the body.</summary>
    public static async Task<string> AnswersAsync(
        Uri address, TimeSpan? patience = null, CancellationToken cancellation = default)
    {
        using var http = new HttpClient();
        return await GetAsync(
            $"{address} answers", stop => http.GetStringAsync(address, stop), _ => true, patience, cancellation);
    }

    /// <summary>Asks until somebody listens on a loopback port, or until nobody does any more.</summary>
    public static Task ListensAsync(int port, bool wanted = true, CancellationToken cancellation = default) => GetAsync(
        $"{(wanted ? "somebody" : "nobody")} listens on port {port}",
        async stop =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, stop);
                return true;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return false;
            }
        },
        listens => listens == wanted,
        cancellation: cancellation);
}
