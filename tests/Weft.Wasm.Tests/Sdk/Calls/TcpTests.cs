using Weft.Wasm.Host;

namespace Weft.Wasm.Tests.Sdk.Calls;

public sealed class TcpTests
{
    [Fact]
    public void Bytes_are_seen_and_changed_in_both_directions()
    {
        using var plugin = SdkPlugin.Tcp("public int Connections;",
            """
            int _seen;
            public FilterAction OnNewConnection(ref Plugin plugin) { plugin.Connections++; return FilterAction.Continue; }
            public FilterAction OnDownstreamData(ref Plugin plugin, int size, bool endOfStream)
            {
                _seen += size;
                if (size < 4 && !endOfStream) return FilterAction.Pause;
                Connection.DownstreamData.Append("!");
                return FilterAction.Continue;
            }
            public FilterAction OnUpstreamData(ref Plugin plugin, int size, bool endOfStream)
            {
                if (Connection.UpstreamData.Read().StartsWith("secret"u8)) Connection.UpstreamData.Replace("***");
                return FilterAction.Continue;
            }
            public void OnDownstreamClose(ref Plugin plugin, int peer) => Log.Info($"client {peer}");
            public void OnUpstreamClose(ref Plugin plugin, int peer) => Log.Info($"server {peer}");
            public void OnLog(ref Plugin plugin) => Log.Info($"{plugin.Connections} {_seen}");
            """);
        var connection = plugin.Connect();
        connection.FromClient("ab").FromClient("cd").FromServer("secret").FromServer("open", endOfStream: true);
        Assert.Equal(("abcd!", "***open"), (connection.ToServer, connection.ToClient));
        connection.Close(CloseKind.Remote);
        Assert.Equal(["1 6", "client 2", "server 0"], plugin.Lines().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_connection_is_held_and_closed()
    {
        using var plugin = SdkPlugin.Tcp("",
            """
            public FilterAction OnNewConnection(ref Plugin plugin) => FilterAction.Continue;
            public FilterAction OnDownstreamData(ref Plugin plugin, int size, bool endOfStream)
            {
                if (!Connection.DownstreamData.Read().SequenceEqual("quit"u8)) return FilterAction.Pause;
                Log.Info($"{(int)Connection.CloseDownstream()}");
                return FilterAction.Pause;
            }
            """);
        var connection = plugin.Connect().FromClient("qu");
        Assert.False(connection.IsClosed);
        connection.FromClient("it");
        Assert.True(connection.IsClosed);
        Assert.Equal("", connection.ToServer);
        Assert.Equal(["0"], plugin.Lines());
    }
}
