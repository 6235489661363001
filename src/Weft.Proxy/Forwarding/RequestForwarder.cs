using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Routing;
using Weft.Proxy.Upstream;
using Yarp.ReverseProxy.Forwarder;
using Endpoint = Weft.Proxy.Upstream.Endpoint;

namespace Weft.Proxy.Forwarding;

/// <summary>Sends one request to one cluster, and answers like Envoy where that fails.</summary>
internal sealed class RequestForwarder(IHttpForwarder forwarder, TimeProvider time, ILogger logger)
{
    /// <summary>The caller has entered the cluster's pool.</summary>
    public async Task ForwardAsync(
        HttpContext context, ListenerView view, UpstreamCluster cluster, RouteAction.Forward route, bool grpc)
    {
        if (cluster.Ring.Next() is not { } endpoint)
        {
            cluster.Stats.NoneHealthy.Increment();
            await ReplyAsync(context, cluster, grpc, StatusCodes.Status503ServiceUnavailable, LocalReply.NoHealthyUpstream);
            return;
        }

        var began = time.GetTimestamp();
        var config = view.RequestTo(cluster.Config.Protocol, context.Request.Protocol);
        using var deadline = RequestDeadline.Start(context, time, route.Timeout, route.MaxDuration);
        var error = await TryAsync(context, cluster, endpoint, config, deadline);
        if (IsConnectFailure(context, error, deadline) && cluster.Ring.NextExcept(endpoint) is { } other)
        {
            // Nothing was sent, so any method may be tried again.
            ForwardingLog.ConnectRetried(logger, cluster.Config.Name, endpoint.Address, other.Address);
            cluster.Stats.Retries.Increment();
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Features.Set<IForwarderErrorFeature>(null);
            error = await TryAsync(context, cluster, other, config, deadline);
        }

        await ConcludeAsync(context, cluster, error, deadline, grpc);
        cluster.Stats.Times.Add(time.GetElapsedTime(began));
    }

    private async Task<ForwarderError> TryAsync(
        HttpContext context,
        UpstreamCluster cluster,
        Endpoint endpoint,
        ForwarderRequestConfig config,
        RequestDeadline? deadline)
    {
        cluster.Stats.Requests.Increment();
        cluster.Stats.Active.Increment();
        try
        {
            return await forwarder.SendAsync(
                context, endpoint.Origin, cluster.Pool.Invoker, config, WireTransformer.Instance, deadline?.Token ?? default);
        }
        finally
        {
            cluster.Stats.Active.Decrement();
        }
    }

    private static bool IsConnectFailure(HttpContext context, ForwarderError error, RequestDeadline? deadline) =>
        error != ForwarderError.None
        && deadline is not { IsOver: true }
        && !context.RequestAborted.IsCancellationRequested
        && !context.Response.HasStarted
        && UpstreamConnectException.IsIn(context.GetForwarderErrorFeature()?.Exception);

    private async Task ConcludeAsync(
        HttpContext context, UpstreamCluster cluster, ForwarderError error, RequestDeadline? deadline, bool grpc)
    {
        if (error == ForwarderError.None)
        {
            cluster.Stats.Responses.Add(context.Response.StatusCode);
            return;
        }

        if (context.RequestAborted.IsCancellationRequested && deadline is not { IsOver: true })
        {
            cluster.Stats.Cancelled.Increment();
            return;
        }

        ForwardingLog.Failed(logger, cluster.Config.Name, error, context.GetForwarderErrorFeature()?.Exception);
        if (context.Response.HasStarted)
        {
            // Too late for another answer. The forwarder has reset the response where it is not whole; where only the
            // rest of the request was not wanted, as a gRPC server does, the response with its trailers stands.
            cluster.Stats.Responses.Add(context.Response.StatusCode);
            return;
        }

        var (status, body) = Explain(context, error, deadline);
        if (status == StatusCodes.Status504GatewayTimeout)
        {
            cluster.Stats.Timeouts.Increment();
        }

        await ReplyAsync(context, cluster, grpc, status, body);
    }

    private static (int Status, string Body) Explain(HttpContext context, ForwarderError error, RequestDeadline? deadline)
    {
        if (deadline is { IsOver: true })
        {
            return (StatusCodes.Status504GatewayTimeout, LocalReply.Timeout);
        }

        return error switch
        {
            ForwarderError.RequestTimedOut => (StatusCodes.Status504GatewayTimeout, LocalReply.IdleTimeout),
            ForwarderError.RequestBodyClient => (StatusCodes.Status400BadRequest, ""),
            _ when UpstreamConnectException.IsIn(context.GetForwarderErrorFeature()?.Exception) =>
                (StatusCodes.Status503ServiceUnavailable, LocalReply.ConnectFailed),
            _ => (StatusCodes.Status503ServiceUnavailable, LocalReply.Reset),
        };
    }

    private static Task ReplyAsync(HttpContext context, UpstreamCluster cluster, bool grpc, int status, string body)
    {
        cluster.Stats.Responses.Add(status);
        return LocalReply.WriteAsync(context, grpc, status, body);
    }
}
