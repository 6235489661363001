using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Routing;

namespace Weft.Proxy.Filters;

/// <summary>Which pages of other origins may ask, and what they may see.</summary>
internal sealed record CorsPolicy(
    ImmutableArray<TextMatch> Origins,
    string Methods,
    string Headers,
    string Exposed,
    string MaxAge,
    bool Credentials,
    bool PrivateNetwork,
    bool ForwardsOthers,
    double Enabled) : HttpFilterConfig
{
    /// <summary>Whether a page of this origin may ask. A policy that allows <c>*</c> allows any.</summary>
    public bool Allows(string origin) => Origins.Any(o => o.Fits("*") || o.Fits(origin));

    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey("access-control-request-method");

    /// <summary>What a response says to the page that asked.</summary>
    public void Mark(IHeaderDictionary response, string origin)
    {
        response["access-control-allow-origin"] = origin;
        Set(response, "access-control-allow-credentials", Credentials ? "true" : "");
        Set(response, "access-control-expose-headers", Exposed);
    }

    /// <summary>What the answer to a preflight says besides.</summary>
    public void AnswerPreflight(IHeaderDictionary request, IHeaderDictionary response, string origin)
    {
        response["access-control-allow-origin"] = origin;
        Set(response, "access-control-allow-credentials", Credentials ? "true" : "");
        Set(response, "access-control-allow-methods", Methods);
        Set(response, "access-control-allow-headers", Headers);
        Set(response, "access-control-max-age", MaxAge);
        var asked = PrivateNetwork && request["access-control-request-private-network"] == "true";
        Set(response, "access-control-allow-private-network", asked ? "true" : "");
    }

    private static void Set(IHeaderDictionary headers, string name, string value)
    {
        if (value.Length > 0)
        {
            headers[name] = value;
        }
    }
}
