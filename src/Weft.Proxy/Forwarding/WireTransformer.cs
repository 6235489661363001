using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Weft.Proxy.Forwarding;

/// <summary>Sends the request as it came: Host kept, path and query byte by byte.</summary>
internal sealed class WireTransformer : HttpTransformer
{
    public static WireTransformer Instance { get; } = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var target = RequestFacts.Of(httpContext).Target;
        proxyRequest.RequestUri = new(
            destinationPrefix + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copied = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is not null && httpContext.Features.Get<ResponseEdits>() is { } edits)
        {
            foreach (var edit in edits.Edits)
            {
                edit.Apply(httpContext.Response.Headers);
            }
        }

        return copied;
    }
}

/// <summary>The changes of the response's headers that the route asks for; a feature of the request.</summary>
internal sealed record ResponseEdits(ImmutableArray<HeaderEdits> Edits);
