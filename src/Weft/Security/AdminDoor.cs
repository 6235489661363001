using System.Net;
using Weft.Xds;

namespace Weft.Security;

/// <summary>
/// Stands before the admin pages where they are not on loopback: only whom the token file grants <c>@admin</c> passes.
/// That the process lives and is ready, everybody may know who gets through TLS.
/// </summary>
internal static class AdminDoor
{
    public static void Use(IApplicationBuilder admin, IClientAuthorizer authorizer) => admin.Use(async (context, next) =>
    {
        var decision = context.Request.Path.Value is "/healthz" or "/readyz"
            ? AccessDecision.Allowed
            : authorizer.Decide(ClientCredentials.Of(context), AccessClaim.Status.Instance);
        if (decision.Verdict == AccessVerdict.Allowed)
        {
            await next(context);
            return;
        }

        var isUnknown = decision.Verdict == AccessVerdict.Unauthenticated;
        context.Response.StatusCode = (int)(isUnknown ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden);
        if (isUnknown)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await context.Response.WriteAsync($"{decision.Reason}\n");
    });
}

/// <summary>A connection to the admin listener: a feature that its listener sets.</summary>
internal sealed record AdminConnection;
