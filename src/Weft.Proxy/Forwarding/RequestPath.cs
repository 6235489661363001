using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Routing;

namespace Weft.Proxy.Forwarding;

/// <summary>The way of a request: count, match, choose a cluster, change headers, forward.</summary>
internal sealed class RequestPath(RequestForwarder forwarder, Func<double> dice, ILogger logger)
{
    /// <param name="current">The listener's view of the moment.</param>
    public async Task ProcessAsync(HttpContext context, Func<ListenerView> current)
    {
        var view = current();
        var stats = view.Stats;
        stats.Requests.Increment();
        stats.Active.Increment();
        try
        {
            while (!await TryProcessAsync(context, view))
            {
                // The cluster's pool went between the two reads; then a newer view was published before it went.
                view = current();
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (Exception e)
        {
            // One request's failure must not become the proxy's.
            stats.Errors.Increment();
            ForwardingLog.Broken(logger, view.Config.Name, e);
            await LocalReply.WriteAsync(context, grpc: false, StatusCodes.Status500InternalServerError, "");
        }
        finally
        {
            stats.Active.Decrement();
            stats.Responses.Add(context.Response.StatusCode);
        }
    }

    private async ValueTask<bool> TryProcessAsync(HttpContext context, ListenerView view)
    {
        var request = RequestFacts.Of(context);
        switch (view.Routes.Find(request, dice())?.Action)
        {
            case null:
                view.Stats.NoRoute.Increment();
                await LocalReply.WriteAsync(context, request.IsGrpc, StatusCodes.Status404NotFound, "");
                return true;
            case RouteAction.Direct direct:
                await LocalReply.WriteAsync(context, request.IsGrpc, direct.Status, direct.Body);
                return true;
            case RouteAction.Forward forward:
                return await TryForwardAsync(context, view, forward, request.IsGrpc);
            default:
                throw new SwitchExpressionException();
        }
    }

    private async ValueTask<bool> TryForwardAsync(
        HttpContext context, ListenerView view, RouteAction.Forward route, bool grpc)
    {
        var target = route.Pick(dice());
        if (!view.Clusters.TryGetValue(target.Cluster, out var cluster))
        {
            view.Stats.NoCluster.Increment();
            await LocalReply.WriteAsync(context, grpc, route.UnknownClusterStatus, "");
            return true;
        }

        if (!cluster.Pool.TryEnter())
        {
            return false;
        }

        try
        {
            ChangeHeaders(context, view, target);
            await forwarder.ForwardAsync(context, view, cluster, route, grpc);
            return true;
        }
        finally
        {
            cluster.Pool.Leave();
        }
    }

    private static void ChangeHeaders(HttpContext context, ListenerView view, WeightedTarget target)
    {
        var headers = context.Request.Headers;
        if (view.Config.GenerateRequestId && !headers.ContainsKey("x-request-id"))
        {
            headers["x-request-id"] = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
        }

        if (view.Config.AppendForwardedFor && context.Connection.RemoteIpAddress is { } caller)
        {
            headers.Append("x-forwarded-for", caller.ToString());
        }

        headers.TryAdd("x-forwarded-proto", context.Request.Scheme);
        foreach (var edits in target.Request)
        {
            edits.Apply(headers);
        }

        if (!target.Response.IsEmpty)
        {
            context.Features.Set(new ResponseEdits(target.Response));
        }
    }
}
