using Weft.Manifests;
using Weft.Translation;

namespace Weft.ControlPlane;

/// <summary>
/// <c>GET /wasm/SHA256</c>: the module of these bytes, for proxies. Whoever knows the hash may have it; it never changes.
/// </summary>
internal static class ModuleDoor
{
    private const string ForEver = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder endpoints, ModuleShelf shelf) =>
        endpoints.MapGet(ControlPlaneCluster.ModulePath + "{sha256}", (RequestDelegate)(http => AnswerAsync(http, shelf)));

    private static async Task AnswerAsync(HttpContext http, ModuleShelf shelf)
    {
        var sha256 = http.Request.RouteValues["sha256"] as string ?? "";
        if (shelf.Find(sha256) is not { } module)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var tag = $"\"{module.Sha256}\"";
        http.Response.Headers.CacheControl = ForEver;
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = "application/wasm";
        http.Response.ContentLength = module.Code.Length;
        await http.Response.Body.WriteAsync(module.Code.AsMemory(), http.RequestAborted);
    }
}
