using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Routing;
using Weft.Proxy.Tracing;
using Weft.Proxy.Upstream;
using Yarp.ReverseProxy.Forwarder;
using Endpoint = Weft.Proxy.Upstream.Endpoint;

namespace Weft.Proxy.Forwarding;

/// <summary>Sends one request to one cluster, as often as its route allows, and answers like Envoy where that fails.</summary>
internal sealed class RequestForwarder(
    IHttpForwarder forwarder, RequestTelemetry telemetry, TimeProvider time, Func<double> dice, ILogger logger)
{
    /// <summary>The caller has entered the cluster's pool.</summary>
    public async Task ForwardAsync(
        Exchange exchange, ListenerView view, UpstreamCluster cluster, RouteAction.Forward route)
    {
        var began = time.GetTimestamp();
        var config = view.RequestTo(cluster.Config.Protocol, exchange.Context.Request.Protocol);
        // The request of an upgraded connection ends with the connection; so its timeouts never begin.
        var isUpgrade = exchange.IsUpgrade;
        using var deadline = RequestDeadline.Start(
            exchange, time, isUpgrade ? null : route.Timeout, route.MaxDuration, isUpgrade ? null : route.Retry?.PerTry,
            isUpgrade ? null : view.Config.RequestTimeout);
        using var retries = route.Retry is null ? null : new RetryState(route.Retry, cluster, exchange.Body);
        (exchange.Deadline, exchange.Retries) = (deadline, retries);
        var endpoint = Pick(cluster, exchange);
        for (var number = 1; endpoint is not null; number++)
        {
            exchange.BeginTry(endpoint, number, route.CountsTries);
            retries?.Begin(endpoint);
            var tried = await TryAsync(exchange, cluster, endpoint, config);
            if (tried is not { } error)
            {
                await OverflowAsync(exchange, cluster);
                return;
            }

            var reset = TryOutcome.ResetOf(exchange, error);
            Judge(exchange, cluster, endpoint, reset);
            endpoint = retries is null
                ? PassOver(cluster, endpoint, number, reset)
                : await NextAsync(exchange, cluster, retries, reset);
            if (endpoint is null && !(retries is { Again: true } && deadline is not { IsOver: true }))
            {
                await ConcludeAsync(exchange, cluster, error);
                cluster.Stats.Times.Add(time.GetElapsedTime(began));
                return;
            }

            exchange.ForgetTry();
        }

        cluster.Stats.NoneHealthy.Increment();
        exchange.Flags |= ResponseFlags.UH;
        await ReplyAsync(exchange, cluster, StatusCodes.Status503ServiceUnavailable, LocalReply.NoHealthyUpstream);
    }

    private static Endpoint? Pick(UpstreamCluster cluster, Exchange exchange)
    {
        if (exchange.Named is { } named)
        {
            return named;
        }

        if (exchange.Session is { Asked: { } asked } session)
        {
            var own = cluster.Balancer.Find(asked);
            if (own is not null ? exchange.Retries?.Avoids(own) is not true : session.Affinity.Strict)
            {
                return own;
            }
        }

        var endpoint = cluster.Balancer.Pick(exchange.Hash);
        var retries = exchange.Retries;
        for (var i = 1; i <= retries?.HostAttempts && endpoint is not null && retries.Avoids(endpoint); i++)
        {
            endpoint = cluster.Balancer.Pick(exchange.Hash, i);
        }

        return endpoint;
    }

    private void Judge(Exchange exchange, UpstreamCluster cluster, Endpoint endpoint, ResetKind? reset)
    {
        if (reset == ResetKind.TryTimeout)
        {
            cluster.Stats.TryTimeouts.Increment();
        }

        var isLate = reset == ResetKind.TryTimeout || exchange.Deadline is { IsOver: true, IsCallerLate: false };
        var status = exchange.UpstreamStatus > 0 ? exchange.UpstreamStatus : isLate ? 504 : reset is null ? 0 : 503;
        if (status > 0)
        {
            cluster.Report(endpoint, status, time.GetUtcNow());
        }
    }

    /// <summary>Without a policy: nothing was sent, so any method may be tried again, elsewhere and at once.</summary>
    private Endpoint? PassOver(UpstreamCluster cluster, Endpoint endpoint, int number, ResetKind? reset)
    {
        if (number > 1 || reset != ResetKind.ConnectFailure || cluster.Balancer.PickExcept(endpoint) is not { } other)
        {
            return null;
        }

        ForwardingLog.ConnectRetried(logger, cluster.Config.Name, endpoint.Address, other.Address);
        cluster.Stats.Retries.Increment();
        return other;
    }

    /// <summary>Where the next try goes, after its wait; null where there is none.</summary>
    private async ValueTask<Endpoint?> NextAsync(
        Exchange exchange, UpstreamCluster cluster, RetryState retries, ResetKind? reset)
    {
        // After a response the decision was made when its headers came.
        if (reset is { } kind ? !retries.DecideAfter(kind) : !retries.Again)
        {
            return null;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            exchange.Context.RequestAborted, exchange.Deadline?.Whole ?? default);
        try
        {
            await Task.Delay(retries.Delay(dice()), time, either.Token);
        }
        catch (OperationCanceledException) when (exchange.Deadline is { IsOver: true })
        {
            return null;
        }

        return Pick(cluster, exchange);
    }

    /// <summary>Null where too much is under way already.</summary>
    private async Task<ForwarderError?> TryAsync(
        Exchange exchange, UpstreamCluster cluster, Endpoint endpoint, ForwarderRequestConfig config)
    {
        if (!cluster.Pool.Requests.TryEnter())
        {
            cluster.Stats.Overflows.Increment();
            return null;
        }

        try
        {
            if (config.Version!.Major > 1)
            {
                return await SendAsync(exchange, cluster, endpoint, config);
            }

            if (!cluster.Pool.Connections.TryEnter() && !await WaitAsync(exchange, cluster))
            {
                cluster.Stats.PendingOverflows.Increment();
                return null;
            }

            try
            {
                return await SendAsync(exchange, cluster, endpoint, config);
            }
            finally
            {
                cluster.Pool.Connections.Leave();
            }
        }
        catch (OperationCanceledException) when (exchange.Deadline is { Token.IsCancellationRequested: true })
        {
            // It waited for a connection until its time was over.
            return ForwarderError.RequestCanceled;
        }
        finally
        {
            cluster.Pool.Requests.Leave();
        }
    }

    private static async Task<bool> WaitAsync(Exchange exchange, UpstreamCluster cluster)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            exchange.Context.RequestAborted, exchange.Deadline?.Token ?? default);
        return await cluster.Pool.Connections.WaitAsync(either.Token);
    }

    private async Task<ForwarderError> SendAsync(
        Exchange exchange, UpstreamCluster cluster, Endpoint endpoint, ForwarderRequestConfig config)
    {
        cluster.Stats.Requests.Increment();
        cluster.Stats.Active.Increment();
        endpoint.State.Active.Increment();
        var begun = telemetry.BeginTry(exchange, cluster, endpoint);
        var error = ForwarderError.Request;
        try
        {
            error = await forwarder.SendAsync(
                exchange.Context, endpoint.Origin, cluster.Pool.Invoker, config, exchange,
                exchange.Deadline?.Token ?? default);
            return error;
        }
        finally
        {
            telemetry.EndTry(exchange, cluster, error, begun);
            cluster.Stats.Active.Decrement();
            endpoint.State.Active.Decrement();
        }
    }

    private static Task OverflowAsync(Exchange exchange, UpstreamCluster cluster)
    {
        exchange.Overloaded = true;
        exchange.Flags |= ResponseFlags.UO;
        return ReplyAsync(exchange, cluster, StatusCodes.Status503ServiceUnavailable, LocalReply.Overflow);
    }

    private async Task ConcludeAsync(Exchange exchange, UpstreamCluster cluster, ForwarderError error)
    {
        var context = exchange.Context;
        var isOver = exchange.Deadline is { IsOver: true };
        // A response that was put aside for a retry that the deadline prevents is no response either.
        var dropped = exchange.Retries is { Again: true };
        exchange.Flags |= exchange.Retries?.Flags ?? ResponseFlags.None;
        if (error == ForwarderError.None && !dropped)
        {
            cluster.Stats.Responses.Add(context.Response.StatusCode);
            return;
        }

        if (context.RequestAborted.IsCancellationRequested && !isOver)
        {
            cluster.Stats.Cancelled.Increment();
            exchange.Flags |= error == ForwarderError.ResponseBodyDestination ? ResponseFlags.UC : ResponseFlags.DC;
            return;
        }

        if (!context.Response.HasStarted && exchange.Streams is { } streams && await streams.AnswerLateAsync())
        {
            cluster.Stats.Responses.Add(context.Response.StatusCode);
            return;
        }

        exchange.Flags |= TryOutcome.FlagsOf(exchange, error);
        ForwardingLog.Failed(logger, cluster.Config.Name, error, context.GetForwarderErrorFeature()?.Exception);
        if (context.Response.HasStarted)
        {
            // Too late for another answer. The forwarder has reset the response where it is not whole; where only the
            // rest of the request was not wanted, as a gRPC server does, the response with its trailers stands.
            cluster.Stats.Responses.Add(context.Response.StatusCode);
            return;
        }

        if (exchange.Deadline is { IsOver: true, IsCallerLate: false })
        {
            cluster.Stats.Timeouts.Increment();
        }

        var (status, body) = TryOutcome.Explain(exchange, error);
        await ReplyAsync(exchange, cluster, status, body);
    }

    private static Task ReplyAsync(Exchange exchange, UpstreamCluster cluster, int status, string body)
    {
        cluster.Stats.Responses.Add(status);
        return exchange.ReplyAsync(status, body);
    }
}
