using System.Buffers;

namespace Weft.Wasm.Host;

/// <summary>A TCP connection that a plugin looks at. The proxy calls the members as it goes on.</summary>
public sealed class TcpConnection : AbiContext
{
    private readonly IStreamHost _host;
    private readonly PluginContext _plugin;
    private bool _isCreated;
    private bool _isEnded;
    private bool _isFailed;
    private bool _holdsDownstream;
    private bool _holdsUpstream;

    internal TcpConnection(PluginContext plugin, IStreamHost host)
        : base(plugin.Vm) => (_plugin, _host) = (plugin, host);

    /// <inheritdoc/>
    public override PluginContext Plugin => _plugin;

    /// <summary>
    /// What the plugin made of the client's bytes: sent on after <see cref="StreamAction.Continue"/>.
    /// </summary>
    public BodyBuffer Downstream { get; } = new();

    /// <summary>What the plugin made of the server's bytes.</summary>
    public BodyBuffer Upstream { get; } = new();

    /// <summary>A client has connected.</summary>
    public StreamAction OnNewConnection()
    {
        _isCreated = true;
        if (!Vm.HasFailed && Vm.Exports.ContextCreate is { } create)
        {
            Vm.Run(this, "proxy_on_context_create", create, Id, _plugin.Id);
        }

        var result = 0;
        var ran = !Vm.HasFailed && (Vm.Exports.NewConnection is not { } export
            || Vm.Run(this, "proxy_on_new_connection", export, Id, out result));
        var action = ran ? Action(result) : Failed();
        Vm.Settle();
        return action;
    }

    /// <summary>Bytes of the client have come.</summary>
    /// <param name="part">The bytes; the plugin sees them with what it holds.</param>
    /// <param name="endOfStream">Whether the client sends no more.</param>
    public StreamAction OnDownstreamData(ReadOnlySpan<byte> part, bool endOfStream)
    {
        var action = OnData(
            "proxy_on_downstream_data", Vm.Exports.DownstreamData, Downstream, part, endOfStream, ref _holdsDownstream);
        Vm.Settle();
        return action;
    }

    /// <summary>Bytes of the server have come.</summary>
    /// <param name="part">The bytes; the plugin sees them with what it holds.</param>
    /// <param name="endOfStream">Whether the server sends no more.</param>
    public StreamAction OnUpstreamData(ReadOnlySpan<byte> part, bool endOfStream)
    {
        var action = OnData(
            "proxy_on_upstream_data", Vm.Exports.UpstreamData, Upstream, part, endOfStream, ref _holdsUpstream);
        if (endOfStream)
        {
            Tell("proxy_on_upstream_connection_close", Vm.Exports.UpstreamClose, CloseKind.Unknown);
        }

        Vm.Settle();
        return action;
    }

    /// <summary>The client's connection is closed: the stream ends, with done, log and delete.</summary>
    public void OnClose(CloseKind by)
    {
        if (_isEnded)
        {
            return;
        }

        Tell("proxy_on_downstream_connection_close", Vm.Exports.DownstreamClose, by);
        _isEnded = true;
        if (_isCreated)
        {
            _ = !Vm.HasFailed && Vm.Exports.Done is { } done && Vm.Run(this, "proxy_on_done", done, Id, out _);
            _ = !Vm.HasFailed && Vm.Exports.Log is { } log && Vm.Run(this, "proxy_on_log", log, Id);
            _ = !Vm.HasFailed && Vm.Exports.Delete is { } delete && Vm.Run(this, "proxy_on_delete", delete, Id);
        }

        Vm.Settle();
        Vm.Unregister(this);
    }

    internal override bool TryGetBuffer(BufferKind kind, out ReadOnlySpan<byte> bytes)
    {
        if (Buffer(kind) is not { } buffer)
        {
            return base.TryGetBuffer(kind, out bytes);
        }

        bytes = buffer.Span;
        return true;
    }

    internal override AbiStatus SetBuffer(BufferKind kind, uint start, uint length, ReadOnlySpan<byte> bytes) =>
        Buffer(kind) is { } buffer ? buffer.Set(start, length, bytes) : base.SetBuffer(kind, start, length, bytes);

    internal override AbiStatus Continue(StreamKind stream)
    {
        if (stream == StreamKind.Downstream)
        {
            _holdsDownstream = false;
            Vm.Defer(() => _host.Continue(stream));
        }

        return base.Continue(stream);
    }

    internal override AbiStatus Close(StreamKind stream)
    {
        if (stream is StreamKind.Downstream or StreamKind.Upstream)
        {
            Vm.Defer(() => _host.Close(stream));
        }

        return AbiStatus.Ok;
    }

    internal override bool TryFindProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) =>
        _host.TryGetProperty(path, value) || base.TryFindProperty(path, value);

    internal override AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) =>
        _host.SetProperty(path, value);

    private BodyBuffer? Buffer(BufferKind kind) => kind switch
    {
        BufferKind.DownstreamData => Downstream,
        BufferKind.UpstreamData => Upstream,
        _ => null,
    };

    private StreamAction OnData(
        string name,
        Func<int, int, int, int>? export,
        BodyBuffer buffer,
        ReadOnlySpan<byte> part,
        bool endOfStream,
        ref bool holds)
    {
        if (!holds)
        {
            buffer.Clear();
        }

        if (!buffer.Append(part))
        {
            _host.Close(StreamKind.Downstream);
            return StreamAction.Stop;
        }

        var result = 0;
        var ran = !_isCreated || (!Vm.HasFailed
            && (export is null || Vm.Run(this, name, export, Id, buffer.Length, endOfStream, out result)));
        var action = ran ? Action(result) : Failed();
        holds = action == StreamAction.Pause;
        return action;
    }

    private static StreamAction Action(int result) => result == 0 ? StreamAction.Continue : StreamAction.Pause;

    private void Tell(string name, Action<int, int>? export, CloseKind by)
    {
        if (_isCreated && !Vm.HasFailed && export is not null)
        {
            Vm.Run(this, name, export, Id, (uint)by);
        }
    }

    private StreamAction Failed()
    {
        if (_plugin.Settings.FailurePolicy == FailurePolicy.FailOpen)
        {
            return StreamAction.Continue;
        }

        if (!_isFailed)
        {
            _isFailed = true;
            _host.Close(StreamKind.Downstream);
        }

        return StreamAction.Stop;
    }
}
