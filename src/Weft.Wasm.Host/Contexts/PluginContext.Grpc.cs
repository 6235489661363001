namespace Weft.Wasm.Host;

/// <content>Calls and streams over gRPC.</content>
public sealed partial class PluginContext
{
    private readonly Dictionary<uint, GrpcCallout> _grpcCalls = [];
    private HeaderMap? _grpcInitialMetadata;
    private HeaderMap? _grpcTrailingMetadata;
    private ReadOnlyMemory<byte> _grpcMessage;

    /// <summary>The calls and streams over gRPC that have not ended.</summary>
    public IReadOnlyCollection<GrpcCallout> PendingGrpcCalls => _grpcCalls.Values;

    internal AbiStatus Start(GrpcCallout call)
    {
        if (_grpcCalls.Count >= MaxCalls || CallBytes + call.Message.Length > MaxCallBytes)
        {
            return AbiStatus.InternalFailure;
        }

        _grpcCalls[call.Token] = call;
        var status = Vm.Environment.Start(call);
        if (status != AbiStatus.Ok)
        {
            _grpcCalls.Remove(call.Token);
        }

        return status;
    }

    internal AbiStatus Send(uint token, ReadOnlySpan<byte> message, bool isLast)
    {
        if (!PluginVm.IsGrpcStream(token))
        {
            return AbiStatus.BadArgument;
        }

        if (!_grpcCalls.TryGetValue(token, out var call))
        {
            return AbiStatus.NotFound;
        }

        call.Sent?.Invoke(message.ToArray(), isLast);
        return AbiStatus.Ok;
    }

    internal AbiStatus CloseGrpc(uint token)
    {
        if (!PluginVm.IsGrpcStream(token))
        {
            return CancelGrpc(token);
        }

        if (!_grpcCalls.TryGetValue(token, out var call))
        {
            return AbiStatus.NotFound;
        }

        call.IsClosedByPlugin = true;
        if (call.IsClosedByServer)
        {
            _grpcCalls.Remove(token);
        }

        call.Closed?.Invoke();
        return AbiStatus.Ok;
    }

    internal AbiStatus CancelGrpc(uint token)
    {
        if (!PluginVm.IsGrpcCall(token) && !PluginVm.IsGrpcStream(token))
        {
            return AbiStatus.BadArgument;
        }

        if (!_grpcCalls.Remove(token, out var call))
        {
            return AbiStatus.NotFound;
        }

        call.Canceled?.Invoke();
        return AbiStatus.Ok;
    }

    internal void OnGrpcInitialMetadata(GrpcCallout call, HeaderMap metadata)
    {
        if (DefersWhileBusy(() => OnGrpcInitialMetadata(call, metadata)) || !_grpcCalls.ContainsKey(call.Token))
        {
            return;
        }

        _grpcInitialMetadata = metadata;
        Tell("proxy_on_grpc_receive_initial_metadata", Vm.Exports.GrpcInitialMetadata, call.Token, metadata.Count);
        _grpcInitialMetadata = null;
        Vm.Settle();
    }

    internal void OnGrpcMessage(GrpcCallout call, ReadOnlyMemory<byte> message)
    {
        if (DefersWhileBusy(() => OnGrpcMessage(call, message)) || !_grpcCalls.ContainsKey(call.Token))
        {
            return;
        }

        if (!call.IsStream)
        {
            _grpcCalls.Remove(call.Token);
        }

        _grpcMessage = message;
        Tell("proxy_on_grpc_receive", Vm.Exports.GrpcReceive, call.Token, message.Length);
        _grpcMessage = default;
        Vm.Settle();
    }

    internal void OnGrpcTrailingMetadata(GrpcCallout call, HeaderMap metadata)
    {
        if (DefersWhileBusy(() => OnGrpcTrailingMetadata(call, metadata)) || !_grpcCalls.ContainsKey(call.Token))
        {
            return;
        }

        _grpcTrailingMetadata = metadata;
        Tell("proxy_on_grpc_receive_trailing_metadata", Vm.Exports.GrpcTrailingMetadata, call.Token, metadata.Count);
        _grpcTrailingMetadata = null;
        Vm.Settle();
    }

    internal void OnGrpcClose(GrpcCallout call, int status, string message)
    {
        if (DefersWhileBusy(() => OnGrpcClose(call, status, message)) || !_grpcCalls.ContainsKey(call.Token))
        {
            return;
        }

        // A stream that the plugin has not closed can still be closed by it.
        call.IsClosedByServer = true;
        if (!call.IsStream || call.IsClosedByPlugin)
        {
            _grpcCalls.Remove(call.Token);
        }

        (StatusCode, StatusMessage) = ((uint)status, message);
        Tell("proxy_on_grpc_close", Vm.Exports.GrpcClose, call.Token, status);
        StatusMessage = "";
        Vm.Settle();
    }

    private void Tell(string name, Action<int, int, int>? export, uint token, int number)
    {
        if (CanRun(export))
        {
            Vm.Run(this, name, (id, call) => export!(id, call, number), Id, token);
        }
    }
}
