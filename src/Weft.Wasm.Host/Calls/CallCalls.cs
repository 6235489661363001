using System.Text;

namespace Weft.Wasm.Host;

/// <summary>Calls to clusters, over HTTP and gRPC. They belong to the plugin, whichever stream makes them.</summary>
internal static class CallCalls
{
    private const int MaxName = 4096;

    public static int GetStatus(int code, int message, int messageSize)
    {
        var vm = PluginVm.Calling();
        var plugin = vm.Context.Plugin!;
        var given = vm.Give(code, plugin.StatusCode);
        return given == (int)AbiStatus.Ok
            ? vm.Give(Encoding.UTF8.GetBytes(plugin.StatusMessage), message, messageSize)
            : given;
    }

    public static int HttpCall(
        int cluster,
        int clusterSize,
        int headers,
        int headersSize,
        int body,
        int bodySize,
        int trailers,
        int trailersSize,
        int timeout,
        int token)
    {
        var vm = PluginVm.Calling();
        var memory = vm.Memory;
        if (!memory.TryRead(cluster, clusterSize, out var to) || !memory.TryRead(body, bodySize, out var content)
            || !memory.TryRead(headers, headersSize, out var first)
            || !memory.TryRead(trailers, trailersSize, out var last) || !memory.TryWrite(token, 0u))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        var sent = HeaderCalls.Add(new(), new(first));
        if (timeout < 0 || to.Length > MaxName || !sent.TryGet(":path"u8, out _) || !sent.TryGet(":method"u8, out _)
            || !sent.TryGet(":authority"u8, out _))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (bodySize > 0)
        {
            sent.Replace("content-length"u8, Encoding.ASCII.GetBytes($"{bodySize}"));
        }

        return Start(vm, token, new HttpCallout(vm.Context.Plugin!, vm.NextHttpCall())
        {
            Cluster = Encoding.UTF8.GetString(to),
            Headers = sent,
            Body = content.ToArray(),
            Trailers = HeaderCalls.Add(new(), new(last)),
            Timeout = timeout == 0 ? null : TimeSpan.FromMilliseconds(timeout),
        });
    }

    public static int GrpcCall(
        int target,
        int targetSize,
        int service,
        int serviceSize,
        int method,
        int methodSize,
        int metadata,
        int metadataSize,
        int message,
        int messageSize,
        int timeout,
        int token)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(target, targetSize, out var to) || !vm.Memory.TryRead(service, serviceSize, out var of)
            || !vm.Memory.TryRead(method, methodSize, out var name)
            || !vm.Memory.TryRead(metadata, metadataSize, out var pairs)
            || !vm.Memory.TryRead(message, messageSize, out var request))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (of.Length > MaxName || name.Length > MaxName)
        {
            return (int)AbiStatus.BadArgument;
        }

        return Start(vm, token, new GrpcCallout(vm.Context.Plugin!, vm.NextGrpcCall())
        {
            Target = to.ToArray(),
            Service = Encoding.UTF8.GetString(of),
            Method = Encoding.UTF8.GetString(name),
            InitialMetadata = HeaderCalls.Add(new(), new(pairs)),
            Message = request.ToArray(),
            Timeout = TimeSpan.FromMilliseconds((uint)timeout),
        });
    }

    public static int GrpcStream(
        int target,
        int targetSize,
        int service,
        int serviceSize,
        int method,
        int methodSize,
        int metadata,
        int metadataSize,
        int token)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(target, targetSize, out var to) || !vm.Memory.TryRead(service, serviceSize, out var of)
            || !vm.Memory.TryRead(method, methodSize, out var name)
            || !vm.Memory.TryRead(metadata, metadataSize, out var pairs))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (of.Length > MaxName || name.Length > MaxName)
        {
            return (int)AbiStatus.BadArgument;
        }

        return Start(vm, token, new GrpcCallout(vm.Context.Plugin!, vm.NextGrpcStream())
        {
            Target = to.ToArray(),
            Service = Encoding.UTF8.GetString(of),
            Method = Encoding.UTF8.GetString(name),
            InitialMetadata = HeaderCalls.Add(new(), new(pairs)),
            IsStream = true,
        });
    }

    public static int GrpcSend(int token, int message, int messageSize, int isLast)
    {
        var vm = PluginVm.Calling();
        return vm.Memory.TryRead(message, messageSize, out var bytes)
            ? (int)vm.Context.Plugin!.Send((uint)token, bytes, isLast != 0)
            : (int)AbiStatus.InvalidMemoryAccess;
    }

    public static int GrpcClose(int token) => (int)PluginVm.Calling().Context.Plugin!.CloseGrpc((uint)token);

    public static int GrpcCancel(int token) => (int)PluginVm.Calling().Context.Plugin!.CancelGrpc((uint)token);

    private static int Start(PluginVm vm, int token, HttpCallout call)
    {
        var status = vm.Context.Plugin!.Send(call);
        vm.Memory.TryWrite(token, status == AbiStatus.Ok ? call.Token : 0);
        return (int)status;
    }

    private static int Start(PluginVm vm, int token, GrpcCallout call)
    {
        var status = vm.Context.Plugin!.Start(call);
        return status == AbiStatus.Ok ? vm.Give(token, call.Token) : (int)status;
    }
}
