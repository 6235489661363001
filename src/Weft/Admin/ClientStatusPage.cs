using System.Text.Json.Nodes;
using Envoy.Service.Status.V3;
using Weft.Preview;
using Weft.Xds;

namespace Weft.Admin;

/// <summary>
/// <c>POST /v3/discovery:client_status</c>: the client status discovery service by REST, as csds.proto has it:
/// requests and answers are its messages as JSON.
/// </summary>
internal static class ClientStatusPage
{
    public const string Path = "/v3/discovery:client_status";

    // Of the request; a hundred matchers are far less.
    private const int MostBytes = 1 << 20;

    public static async Task<IResult> AnswerAsync(XdsServer server, HttpRequest request, CancellationToken gone)
    {
        try
        {
            var answer = await server.ClientStatusAsync(await ReadAsync(request, gone), gone);
            return Results.Text(Json(answer), "application/json");
        }
        // What Protobuf's reader says of text that is no JSON, or no such message, is an IOException.
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException)
        {
            return Results.Text($"{e.Message}\n", statusCode: StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>The answer as Envoy writes it; contents of types that are not known here as their bytes.</summary>
    internal static string Json(ClientStatusResponse answer) => new JsonObject
    {
        ["config"] = new JsonArray([.. answer.Config.Select(JsonOf)]),
    }.ToJsonString(ConfigJson.Plain.Options);

    private static JsonNode JsonOf(ClientConfig config)
    {
        var bare = config.Clone();
        foreach (var resource in bare.GenericXdsConfigs)
        {
            resource.XdsConfig = null;
            resource.ErrorState?.FailedConfiguration = null;
        }

        var json = EnvoyJson.Node(bare);
        foreach (var (resource, node) in config.GenericXdsConfigs.Zip(json["generic_xds_configs"]?.AsArray() ?? []))
        {
            if (resource.XdsConfig is { } content)
            {
                node!["xds_config"] = EnvoyJson.Of(content.TypeUrl, content.Value);
            }

            if (resource.ErrorState?.FailedConfiguration is { } failed)
            {
                node!["error_state"]!["failed_configuration"] = EnvoyJson.Of(failed.TypeUrl, failed.Value);
            }
        }

        return json;
    }

    private static async Task<ClientStatusRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        while (await request.Body.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MostBytes)
            {
                throw new ArgumentException($"The request is larger than {MostBytes} bytes.");
            }
        }

        body.Position = 0;
        using var text = new StreamReader(body);
        var json = await text.ReadToEndAsync(cancellation);
        return string.IsNullOrWhiteSpace(json) ? new() : EnvoyJson.Parse<ClientStatusRequest>(json);
    }
}
