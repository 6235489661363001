using System.Net.Sockets;

namespace Weft.Proxy.Upstream;

/// <summary>How long connections to a cluster's endpoints live.</summary>
/// <param name="Idle">How long one is kept without a request; null for ever.</param>
/// <param name="OneRequest">Whether each is for one request only.</param>
/// <param name="Keepalive">Null where TCP does not look whether the other side is still there.</param>
internal sealed record UpstreamConnections(TimeSpan? Idle, bool OneRequest, KeepaliveConfig? Keepalive)
{
    public static UpstreamConnections Default { get; } = new(TimeSpan.FromHours(1), false, null);

    public void ApplyTo(SocketsHttpHandler handler)
    {
        // No timer runs for longer than 24 days.
        handler.PooledConnectionIdleTimeout =
            Idle is { } idle && idle < TimeSpan.FromDays(24) ? idle : Timeout.InfiniteTimeSpan;
        if (OneRequest)
        {
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        }
    }
}

/// <summary>TCP's own probes. What is null stays as the system has it.</summary>
/// <param name="Time">In seconds.</param>
/// <param name="Interval">In seconds.</param>
internal sealed record KeepaliveConfig(int? Probes, int? Time, int? Interval)
{
    public void ApplyTo(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Set(SocketOptionName.TcpKeepAliveRetryCount, Probes);
        Set(SocketOptionName.TcpKeepAliveTime, Time);
        Set(SocketOptionName.TcpKeepAliveInterval, Interval);

        void Set(SocketOptionName name, int? value)
        {
            if (value is { } given)
            {
                socket.SetSocketOption(SocketOptionLevel.Tcp, name, given);
            }
        }
    }
}
