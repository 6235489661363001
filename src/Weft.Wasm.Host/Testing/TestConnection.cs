using System.Buffers;
using System.Text;

namespace Weft.Wasm.Host.Testing;

/// <summary>A TCP connection that the plugin looks at, in a test.</summary>
public sealed class TestConnection : IStreamHost
{
    private readonly TestWorker _worker;
    private readonly TcpConnection? _connection;
    private readonly ArrayBufferWriter<byte> _toServer = new();
    private readonly ArrayBufferWriter<byte> _toClient = new();

    internal TestConnection(TestWorker worker, Func<IStreamHost, TcpConnection?> open)
    {
        _worker = worker;
        _connection = open(this);
        Action = _connection?.OnNewConnection() ?? StreamAction.Continue;
    }

    /// <summary>What the plugin wanted last.</summary>
    public StreamAction Action { get; private set; }

    /// <summary>What went on to the server so far, as text.</summary>
    public string ToServer => Encoding.UTF8.GetString(_toServer.WrittenSpan);

    /// <summary>What went on to the client so far, as text.</summary>
    public string ToClient => Encoding.UTF8.GetString(_toClient.WrittenSpan);

    /// <summary>Whether the plugin, or the host for it, has closed the connection.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The connection's properties.</summary>
    public TestProperties Properties { get; } = new();

    /// <summary>Bytes of the client come.</summary>
    /// <returns>The connection itself.</returns>
    public TestConnection FromClient(string bytes, bool endOfStream = false) => Pass(
        _connection is null ? null : () => _connection.OnDownstreamData(Encoding.UTF8.GetBytes(bytes), endOfStream),
        _connection?.Downstream, _toServer, bytes);

    /// <summary>Bytes of the server come.</summary>
    /// <returns>The connection itself.</returns>
    public TestConnection FromServer(string bytes, bool endOfStream = false) => Pass(
        _connection is null ? null : () => _connection.OnUpstreamData(Encoding.UTF8.GetBytes(bytes), endOfStream),
        _connection?.Upstream, _toClient, bytes);

    /// <summary>The connection ends.</summary>
    public void Close(CloseKind by = CloseKind.Remote)
    {
        _connection?.OnClose(by);
        _worker.Test.Drain();
    }

    void IStreamHost.Continue(StreamKind stream)
    {
        Action = StreamAction.Continue;
        Take(_connection!.Downstream, _toServer);
    }

    void IStreamHost.Close(StreamKind stream) => IsClosed = true;

    void IStreamHost.SendLocalResponse(LocalResponse response) => IsClosed = true;

    void IStreamHost.ClearRouteCache()
    {
    }

    bool IStreamHost.TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) =>
        Properties.TryGet(path, value);

    AbiStatus IStreamHost.SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value)
    {
        Properties.Set(path, value);
        return AbiStatus.Ok;
    }

    private static void Take(BodyBuffer buffer, ArrayBufferWriter<byte> target)
    {
        target.Write(buffer.Span);
        buffer.Clear();
    }

    private TestConnection Pass(
        Func<StreamAction>? show, BodyBuffer? buffer, ArrayBufferWriter<byte> target, string bytes)
    {
        if (show is null || buffer is null)
        {
            target.Write(Encoding.UTF8.GetBytes(bytes));
            return this;
        }

        Action = show();
        if (Action == StreamAction.Continue)
        {
            Take(buffer, target);
        }

        _worker.Test.Drain();
        return this;
    }
}
