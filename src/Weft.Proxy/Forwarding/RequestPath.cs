using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Filters;
using Weft.Proxy.Routing;
using Weft.Proxy.Tracing;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Forwarding;

/// <summary>The way of a request: count, match, choose a cluster, change headers, forward.</summary>
internal sealed class RequestPath(
    RequestForwarder forwarder,
    ShadowRequests shadows,
    FilterChain filters,
    FilterShelf shelf,
    HostLookup hosts,
    RequestTelemetry telemetry,
    TimeProvider time,
    Func<double> dice,
    ILogger logger)
{
    /// <param name="current">The view of the moment; null where the listener does without this kind of connection.</param>
    public async Task ProcessAsync(HttpContext context, Func<ListenerView?> current)
    {
        if (current() is not { } view)
        {
            await LocalReply.MisdirectedAsync(context);
            return;
        }

        var stats = view.Stats;
        stats.Requests.Increment();
        stats.Active.Increment();
        var exchange = new Exchange(context, view.Config.Paths) { Server = view.Config.Server };
        var began = telemetry.Begin(exchange, view);
        var logs = view.Logs;
        var watch = logs.IsEmpty ? null : RequestWatch.Begin(exchange, time);
        try
        {
            while (!await TryProcessAsync(exchange, view))
            {
                // The cluster's pool went between the two reads; then a newer view was published before it went.
                if (current() is not { } newer)
                {
                    await LocalReply.MisdirectedAsync(context);
                    return;
                }

                // Its routes may lead elsewhere: the former cluster need not be among its clusters any more.
                view = newer;
                exchange.Decide(view.Routes.Find(exchange.Request, dice()), dice);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
            exchange.Flags |= ResponseFlags.DC;
        }
        catch (Exception e)
        {
            // One request's failure must not become the proxy's.
            stats.Errors.Increment();
            ForwardingLog.Broken(logger, view.Config.Name, e);
            exchange.ResponseEdits = [];
            await exchange.ReplyAsync(StatusCodes.Status500InternalServerError, "");
        }
        finally
        {
            exchange.Streams?.Dispose();
            stats.Active.Decrement();
            stats.Responses.Add(context.Response.StatusCode);
            telemetry.End(exchange, view, began);
            if (watch is not null)
            {
                AccessLog.Write(logs, watch.End());
            }
        }
    }

    private async ValueTask<bool> TryProcessAsync(Exchange exchange, ListenerView view)
    {
        if (await TryAnswerAsync(exchange, view))
        {
            return true;
        }

        switch (exchange.Route?.Action)
        {
            case null:
                exchange.Flags |= ResponseFlags.NR;
                view.Stats.NoRoute.Increment();
                await exchange.ReplyAsync(StatusCodes.Status404NotFound, "");
                return true;
            case RouteAction.Direct direct:
                await exchange.ReplyAsync(direct.Status, direct.Body);
                return true;
            case RouteAction.Redirect redirect:
                var location = redirect.Target.Location(exchange.Request, exchange.Route.Match.Path);
                await LocalReply.WriteAsync(exchange, redirect.Status, "", location);
                return true;
            case RouteAction.Forward forward:
                return await TryForwardAsync(exchange, view, forward);
            default:
                throw new SwitchExpressionException();
        }
    }

    /// <summary>Chooses the way, and answers where a filter does or where the way is closed for an upgrade.</summary>
    private async ValueTask<bool> TryAnswerAsync(Exchange exchange, ListenerView view)
    {
        if (exchange.IsDecided)
        {
            return false;
        }

        switch (exchange.Request.Verdict)
        {
            case PathVerdict.Refuse:
                await exchange.ReplyAsync(StatusCodes.Status400BadRequest, "");
                return true;
            case PathVerdict.Redirect:
                await LocalReply.WriteAsync(
                    exchange, StatusCodes.Status307TemporaryRedirect, "", exchange.Request.Target);
                return true;
            default:
                break;
        }

        CallerHeaders.Write(exchange.Context, view.Config);
        // Before the route is chosen, for filters may say by what.
        if (!view.Filters.IsEmpty && await exchange.FilterBy(view, shelf))
        {
            return true;
        }

        exchange.Decide(view.Routes.Find(exchange.Request, dice()), dice);
        var allowed = (exchange.Route?.Action as RouteAction.Forward)?.AllowsUpgrade ?? view.Config.AllowsUpgrade;
        if (exchange.IsUpgrade && !allowed)
        {
            await exchange.ReplyAsync(StatusCodes.Status403Forbidden, "");
            return true;
        }

        var overrides = exchange.Chosen?.Filters ?? exchange.Route?.Filters ?? FilterOverrides.None;
        if (filters.Run(exchange, view, overrides) is { } answer)
        {
            await answer;
            return true;
        }

        return false;
    }

    private async ValueTask<bool> TryForwardAsync(Exchange exchange, ListenerView view, RouteAction.Forward route)
    {
        var target = exchange.Chosen!;
        if (!view.Clusters.TryGetValue(target.Cluster, out var cluster))
        {
            exchange.Flags |= ResponseFlags.NC;
            view.Stats.NoCluster.Increment();
            await exchange.ReplyAsync(route.UnknownClusterStatus, "");
            return true;
        }

        exchange.Cluster = cluster.Config.StatName;
        if (!cluster.Pool.TryEnter())
        {
            return false;
        }

        try
        {
            if (cluster.Config.LooksUp && !await TryNameAsync(exchange, cluster))
            {
                return true;
            }

            ChangeHeaders(exchange, target);
            exchange.Rewrite(route);
            if (exchange.HasBody && (route.Retry is not null || !route.Mirrors.IsEmpty))
            {
                exchange.Record(cluster.Stats.BodiesTooLarge.Increment);
            }

            (exchange.Hash, exchange.NewCookie) = HashPolicy.Hash(route.Hash, exchange.Request, exchange.Context.Connection);
            shadows.Copy(exchange, view, route);
            await forwarder.ForwardAsync(exchange, view, cluster, route);
            return true;
        }
        finally
        {
            cluster.Pool.Leave();
        }
    }

    /// <summary>Finds the host that the request names; answers where there is none, or where it is this proxy.</summary>
    private async ValueTask<bool> TryNameAsync(Exchange exchange, UpstreamCluster cluster)
    {
        var context = exchange.Context;
        var address = await hosts.FindAsync(exchange.Request.Host, context.RequestAborted);
        if (address is not null && !hosts.IsOwn(address, context.Connection.LocalIpAddress))
        {
            exchange.Named = new(address, $"http://{address}", 1, 0, 0, 0, Healthy: true);
            return true;
        }

        exchange.Flags |= address is null ? ResponseFlags.DF : ResponseFlags.UH;
        cluster.Stats.Responses.Add(StatusCodes.Status503ServiceUnavailable);
        await exchange.ReplyAsync(
            StatusCodes.Status503ServiceUnavailable,
            address is null ? LocalReply.LookupFailed : LocalReply.NoHealthyUpstream);
        return false;
    }

    private static void ChangeHeaders(Exchange exchange, WeightedTarget target)
    {
        var headers = exchange.Context.Request.Headers;
        foreach (var edits in target.Request)
        {
            edits.Apply(headers, exchange);
        }
    }
}
