using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Preview;

/// <summary>Envoy's messages as JSON in Envoy's own writing: the fields' names as the API has them.</summary>
internal static class EnvoyJson
{
    // Where Envoy's writing cannot be had; no field of JSON begins so.
    private const string Bytes = "@bytes";

    // Messages are at most 100 deep; each may take two levels of JSON, and an Any one more.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 400 };

    private static readonly TypeRegistry Types = TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default
        .WithPreserveProtoFieldNames(true).WithTypeRegistry(Types));

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(Types));

    /// <summary>A resource as Envoy writes it, with its <c>@type</c>; one of a type that is not known here as its bytes.</summary>
    public static JsonNode Of(string typeUrl, ByteString body)
    {
        try
        {
            return JsonNode.Parse(Formatter.Format(new Any { TypeUrl = typeUrl, Value = body }), documentOptions: Deep)!;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidProtocolBufferException or JsonException)
        {
            return new JsonObject { ["@type"] = typeUrl, [Bytes] = body.ToBase64() };
        }
    }

    /// <summary>A message as Envoy writes it.</summary>
    public static string Text(IMessage message) => Formatter.Format(message);

    /// <summary>A message as Envoy writes it.</summary>
    public static JsonNode Node(IMessage message) => JsonNode.Parse(Text(message), documentOptions: Deep)!;

    /// <summary>A message that is written as Envoy does.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none, or no JSON.</exception>
    public static T Parse<T>(string json) where T : IMessage, new() => Parser.Parse<T>(json);

    /// <summary>The bytes of a resource that <see cref="Of"/> has written.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none.</exception>
    public static ByteString Body(JsonNode resource) => resource[Bytes] is { } bytes
        ? ByteString.FromBase64(bytes.GetValue<string>())
        : Parser.Parse<Any>(resource.ToJsonString()).Value;
}
