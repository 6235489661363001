using System.Buffers;
using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// <c>POST /v3/discovery:clusters</c> and so on (xds_protocol.rst, "REST-JSON polling subscriptions"): a
/// <c>DiscoveryRequest</c> as JSON is answered by a <c>DiscoveryResponse</c> as JSON, or by 304 where the client has it.
/// </summary>
internal sealed partial class RestDiscovery(
    XdsServer server, StreamGate door, XdsMetrics metrics, PushGate gate, ILogger<RestDiscovery> logger)
{
    /// <summary>The path, with the kind of resources that it is for.</summary>
    public const string Path = "/v3/discovery:{kind}";

    // Envoy tells a hundred kilobytes about itself; names of endpoints may be many.
    private const int MostBytes = 4 * 1024 * 1024;

    public async Task AnswerAsync(HttpContext http)
    {
        var (status, body) = await RefusedOr(() => PollAsync(http));
        http.Response.StatusCode = status;
        if (status != StatusCodes.Status304NotModified)
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }

    private static async Task<(int Status, ReadOnlyMemory<byte> Body)> RefusedOr(
        Func<Task<(int Status, ReadOnlyMemory<byte> Body)>> poll)
    {
        try
        {
            return await poll();
        }
        catch (RpcException e)
        {
            return Error(
                e.StatusCode switch
                {
                    StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
                    StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
                    StatusCode.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
                    _ => StatusCodes.Status400BadRequest,
                },
                e.StatusCode, e.Status.Detail);
        }
    }

    private static string? TypeOf(string? kind) => kind switch
    {
        "clusters" => TypeUrl.Cluster,
        "endpoints" => TypeUrl.Endpoints,
        "listeners" => TypeUrl.Listener,
        "routes" => TypeUrl.Route,
        "scoped-routes" => TypeUrl.ScopedRoute,
        "secrets" => TypeUrl.Secret,
        "runtime" => TypeUrl.Runtime,
        "extension_configs" => TypeUrl.ExtensionConfig,
        _ => null,
    };

    private async Task<(int Status, ReadOnlyMemory<byte> Body)> PollAsync(HttpContext http)
    {
        if (TypeOf(http.Request.RouteValues["kind"] as string) is not { } type)
        {
            return Error(StatusCodes.Status404NotFound, StatusCode.NotFound, $"There is nothing at {http.Request.Path}: the kinds are "
                + "clusters, endpoints, listeners, routes, scoped-routes, secrets, runtime and extension_configs.");
        }

        // Before a stranger's megabytes are read.
        door.Check(http, AccessClaim.Entry.Instance);
        if (await ReadAsync(http.Request, http.RequestAborted) is not { } text)
        {
            return Error(
                StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted, $"The request is larger than {MostBytes} bytes.");
        }

        try
        {
            var request = RestJson.Read(text);
            if (request.TypeUrl.Length > 0 && request.TypeUrl != type)
            {
                return Invalid($"This path is for {type}, not for {request.TypeUrl}.");
            }

            RequestLimits.Checked(request);
            door.Check(http, new AccessClaim.Resources(request.Node ?? new Node()));
            return await AnswerAsync(request, type);
        }
        // What Protobuf's reader says of text that is no JSON, or no such message, is an IOException.
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException or FormatException)
        {
            return Invalid($"The request cannot be read as a DiscoveryRequest: {e.Message}");
        }
    }

    private async Task<(int Status, ReadOnlyMemory<byte> Body)> AnswerAsync(DiscoveryRequest request, string type)
    {
        var node = request.Node ?? new Node();
        Note(request, type, node);
        if (server.IsDraining)
        {
            return Error(StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable, "The server is about to stop.");
        }

        if (server.Groups.Value.For(server.Settings.GroupOf(node)) is not { } set)
        {
            // Not "there is nothing", which would take away what the client has.
            return Error(StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable, "Nothing has been published yet.");
        }

        var turn = new PushGate.Turn(gate);
        await turn.TakeAsync();
        try
        {
            return Written(RestPoll.Of(type, XdsTpName.Canonical(request.ResourceNames), set), request);
        }
        finally
        {
            turn.GiveBack();
        }
    }

    private (int Status, ReadOnlyMemory<byte> Body) Written(RestPoll poll, DiscoveryRequest request)
    {
        if (poll.IsKnownTo(request.VersionInfo, request.ResponseNonce, request.ErrorDetail is not null))
        {
            return (StatusCodes.Status304NotModified, default);
        }

        var body = new ArrayBufferWriter<byte>();
        if (!RestJson.TryWrite(poll, server.Settings.ControlPlaneIdentifier, body, out var unwritable))
        {
            // To leave it out would tell the client to delete it.
            return Error(StatusCodes.Status501NotImplemented, StatusCode.Unimplemented,
                $"{TypeUrl.ShortName(poll.TypeUrl)} '{unwritable!.Name}' cannot be written as JSON: it is of a type, or holds one, that "
                + $"this server does not know. It knows Envoy's API of {EnvoyApi.EnvoyApi.Date}. By gRPC it is served as it is.");
        }

        metrics.Sent(poll.TypeUrl, poll.Resources.Length);
        return (StatusCodes.Status200OK, body.WrittenMemory);
    }

    private void Note(DiscoveryRequest request, string type, Node node)
    {
        // A poll repeats the version that it has: it is no ACK of its own.
        metrics.Received(type, hasNonce: false, request.ErrorDetail is not null);
        if (request.ErrorDetail is { } error)
        {
            var text = error.Message.Length > StreamLimits.MaxErrorText ? error.Message[..StreamLimits.MaxErrorText] : error.Message;
            Log.Rejected(logger, node.Id, TypeUrl.ShortName(type), text);
        }
    }

    private static async Task<string?> ReadAsync(HttpRequest request, CancellationToken gone)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        while (await request.Body.ReadAsync(buffer, gone) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MostBytes)
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }

    private static (int Status, ReadOnlyMemory<byte> Body) Invalid(string message) =>
        Error(StatusCodes.Status400BadRequest, StatusCode.InvalidArgument, message);

    private static (int Status, ReadOnlyMemory<byte> Body) Error(int status, StatusCode code, string message) =>
        (status, Encoding.UTF8.GetBytes(RestJson.Error((int)code, message)));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} rejected {Type}: {Error}")]
        public static partial void Rejected(ILogger logger, string node, string type, string error);
    }
}
