using System.Text;

namespace Weft.Wasm.Host;

/// <summary>What becomes of a stream.</summary>
internal static class StreamCalls
{
    private const int MaxDetails = 4096;

    public static int Continue(int stream) => (uint)stream > (uint)StreamKind.Upstream
        ? (int)AbiStatus.BadArgument
        : (int)PluginVm.Calling().Context.Continue((StreamKind)stream);

    public static int ContinueRequest() => (int)PluginVm.Calling().Context.Continue(StreamKind.Request);

    public static int ContinueResponse() => (int)PluginVm.Calling().Context.Continue(StreamKind.Response);

    public static int Close(int stream) => (uint)stream > (uint)StreamKind.Upstream
        ? (int)AbiStatus.BadArgument
        : (int)PluginVm.Calling().Context.Close((StreamKind)stream);

    public static int ClearRouteCache()
    {
        PluginVm.Calling().Context.ClearRouteCache();
        return (int)AbiStatus.Ok;
    }

    public static int SendLocalResponse(
        int status, int details, int detailsSize, int body, int bodySize, int headers, int headersSize, int grpcStatus)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(details, detailsSize, out var why) || !vm.Memory.TryRead(body, bodySize, out var text)
            || !vm.Memory.TryRead(headers, headersSize, out var pairs))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (text.Length > BodyBuffer.MaxBytes)
        {
            return (int)AbiStatus.BadArgument;
        }

        vm.Context.Answer(new()
        {
            Status = status,
            Details = Encoding.UTF8.GetString(why[..Math.Min(why.Length, MaxDetails)]).Replace(' ', '_'),
            Body = text.ToArray(),
            Headers = HeaderCalls.Add(new(), new(pairs)),
            GrpcStatus = grpcStatus is >= 0 and <= 16 ? grpcStatus : null,
        });
        vm.StopsIteration = true;
        return (int)AbiStatus.Ok;
    }

    public static int SetEffectiveContext(int context) =>
        (int)(PluginVm.Calling().TryChoose((uint)context) ? AbiStatus.Ok : AbiStatus.BadArgument);

    public static int Done() => (int)PluginVm.Calling().Context.Plugin!.Done();
}
