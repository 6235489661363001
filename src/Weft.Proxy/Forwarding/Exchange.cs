using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Filters;
using Weft.Proxy.Listening;
using Weft.Proxy.Routing;
using Weft.Proxy.Tracing;
using Yarp.ReverseProxy.Forwarder;
using Endpoint = Weft.Proxy.Upstream.Endpoint;

namespace Weft.Proxy.Forwarding;

/// <summary>
/// One request on its way, and what was decided about it. For the forwarder it is the transformer that sends the
/// request as it came: Host kept, path and query byte by byte, unless the listener or the route changes them.
/// </summary>
internal sealed class Exchange(HttpContext context, PathNormalization paths) : HttpTransformer
{
    private RequestFacts _request = RequestFacts.Of(context, paths);

    public HttpContext Context => context;

    public ref readonly RequestFacts Request => ref _request;

    public bool IsGrpc => _request.IsGrpc;

    /// <summary>The route that was chosen; null where there is none.</summary>
    public RouteEntry? Route { get; private set; }

    /// <summary>Whether the route was looked for.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Path and query to send; null for those of the request.</summary>
    public string? Target { get; private set; }

    /// <summary>The host to send; null for that of the request.</summary>
    public string? Host { get; private set; }

    /// <summary>What the request is balanced by, where the route says so.</summary>
    public ulong? Hash { get; set; }

    /// <summary>The cookie by which later requests are balanced, where the route makes one.</summary>
    public string? NewCookie { get; set; }

    /// <summary>The policy by which a page of another origin may see the response.</summary>
    public (CorsPolicy Policy, string Origin)? Cors { get; set; }

    /// <summary>Changes of the headers of the proxy's own answer.</summary>
    public HeaderEdits LocalEdits { get; set; } = HeaderEdits.None;

    /// <summary>The target on which the dice fell; null where the route has none.</summary>
    public WeightedTarget? Chosen { get; private set; }

    /// <summary>Whether the request wants to change the protocol of its connection.</summary>
    public bool IsUpgrade =>
        (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            // As in Envoy a wish for HTTP/2 is not heard; the request goes on as it is.
            && !context.Request.Headers.Upgrade.ToString().Equals("h2c", StringComparison.OrdinalIgnoreCase))
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>Where the caller belongs to, if the listener keeps callers at their endpoints.</summary>
    public Session? Session { get; set; }

    /// <summary>Whether it was not sent because too much is under way.</summary>
    public bool Overloaded { get; set; }

    /// <summary>The changes of the response's headers, whoever gives the response.</summary>
    public ImmutableArray<HeaderEdits> ResponseEdits { get; set; } = [];

    /// <summary>The body as far as it has been read, where it may be needed again.</summary>
    public ReplayBody? Body { get; private set; }

    public RequestDeadline? Deadline { get; set; }

    /// <summary>What becomes of the response's <c>server</c> header.</summary>
    public ServerHeader Server { get; init; } = ServerHeader.Default;

    /// <summary>Where it is sent to, by the name in metrics; null where nowhere.</summary>
    public string? Cluster { get; set; }

    /// <summary>Why it does not go as asked.</summary>
    public ResponseFlags Flags { get; set; }

    /// <summary>The endpoint that the request itself names, where its cluster leaves it to that.</summary>
    public Endpoint? Named { get; set; }

    /// <summary>The filters that see it and are configured apart from the listener; null where there are none.</summary>
    public FilterStreams? Streams { get; private set; }

    /// <summary>The trace it belongs to, where its listener traces.</summary>
    public RequestTrace? Trace { get; set; }

    /// <summary>How often it was tried.</summary>
    public int Tries { get; private set; }

    /// <summary>Where the last try went.</summary>
    public Endpoint? Endpoint { get; private set; }

    /// <summary>The status of the last try's response; 0 where there is none.</summary>
    public int UpstreamStatus { get; private set; }

    /// <summary>Decides about the next try; null where there is none.</summary>
    public RetryState? Retries { get; set; }

    public bool HasBody => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    /// <summary>Keeps the route, and with it the target; again only where the way has gone before it was taken.</summary>
    public void Decide(RouteEntry? route, Func<double> dice)
    {
        IsDecided = true;
        Route = route;
        Chosen = (route?.Action as RouteAction.Forward)?.Pick(dice());
        ResponseEdits = route?.Action switch
        {
            RouteAction.Direct direct => direct.Response,
            RouteAction.Redirect redirect => redirect.Response,
            _ => Chosen?.Response ?? [],
        };
    }

    /// <summary>Shows the request to the filters that are configured apart; true where they have answered it.</summary>
    public ValueTask<bool> FilterBy(ListenerView view, FilterShelf shelf) => (Streams = new(this, shelf)).AnswerAsync(view);

    /// <summary>What the request is from now on.</summary>
    public void Reread(in RequestFacts request) => _request = request;

    /// <summary>What the request asks for from now on.</summary>
    public void Redirect(string target)
    {
        var end = target.AsSpan().IndexOfAny('?', '#');
        _request = _request with { Target = target, PathLength = end < 0 ? target.Length : end };
    }

    /// <summary>Changes path and host as the route says, after the headers were changed.</summary>
    public void Rewrite(RouteAction.Forward route)
    {
        var headers = context.Request.Headers;
        if (route.Host is { } host)
        {
            Host = host.Literal;
            headers["x-envoy-original-host"] = Request.Host;
            if (host.AppendForwarded)
            {
                var former = headers["x-forwarded-host"];
                headers["x-forwarded-host"] = former.Count == 0 ? Request.Host : $"{former},{Request.Host}";
            }
        }

        if (route.Rewrite is { } rewrite)
        {
            Target = rewrite.Apply(Request, Route!.Match.Path);
            headers["x-envoy-original-path"] = Request.Target;
        }
    }

    /// <summary>Keeps what is read of the body from now on.</summary>
    public ReplayBody Record(Action tooLarge)
    {
        Body = new(context.Request.Body, context.Request.ContentLength, tooLarge);
        context.Request.Body = Body;
        return Body;
    }

    /// <param name="number">From 1.</param>
    public void BeginTry(Endpoint endpoint, int number, bool told)
    {
        Endpoint = endpoint;
        Tries = number;
        UpstreamStatus = 0;
        Body?.Rewind();
        Deadline?.BeginTry();
        if (told)
        {
            context.Request.Headers["x-envoy-attempt-count"] = number.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Makes the response as new after a try that is not the last.</summary>
    public void ForgetTry()
    {
        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
    }

    public void ChangeResponse()
    {
        foreach (var edits in ResponseEdits)
        {
            edits.Apply(context.Response.Headers, this);
        }

        Cors?.Policy.Mark(context.Response.Headers, Cors.Value.Origin);
        Server.Apply(context.Response.Headers);
    }

    /// <summary>What is asked for at <paramref name="origin"/>, byte by byte.</summary>
    public Uri UriAt(string origin) => new(
        origin + (Target ?? Request.Target),
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>A header of the request as it is sent on; null where it is absent.</summary>
    public string? Header(string name) => name switch
    {
        ":path" => Target ?? Request.Target,
        ":authority" => Host ?? Request.Host,
        _ => Request.Header(name),
    };

    public Task ReplyAsync(int status, string body) => LocalReply.WriteAsync(this, status, body);

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = UriAt(destinationPrefix);
        if (Host is not null)
        {
            proxyRequest.Headers.Host = Host;
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        UpstreamStatus = (int)proxyResponse.StatusCode;
        if (Retries is { } retries && retries.DecideAfter(proxyResponse))
        {
            return false;
        }

        Deadline?.ResponseBegins();
        var copied = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        Session?.Affinity.Tell(Session.Asked, Endpoint!.Address, httpContext.Response.Headers, Session.Now);
        if (NewCookie is not null)
        {
            httpContext.Response.Headers.Append("set-cookie", NewCookie);
        }

        ChangeResponse();
        return (Streams is null || !await Streams.ReplaceAsync()) && copied;
    }

    public override async ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        await (Streams?.EndResponseAsync() ?? default);
        await base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
        await (Streams?.ShowTrailersAsync() ?? default);
    }
}

/// <summary>The endpoint that a caller asks for by cookie or header, if any.</summary>
internal sealed record Session(SessionAffinity Affinity, System.Net.IPEndPoint? Asked, DateTimeOffset Now);
