using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Weft.Xds.Serving;

/// <summary>The messages of a poll as JSON (proto3's mapping, with the names that the API has).</summary>
internal static class RestJson
{
    // To know all types takes half a second of a process's first; who is never polled does not spend it.
    private static readonly Lazy<TypeRegistry> Types = new(() => TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files));

    private static readonly Lazy<JsonFormatter> Formatter = new(() => new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithTypeRegistry(Types.Value)));

    // A client of another year says of itself what the API here has no field for.
    private static readonly Lazy<JsonParser> Parser = new(() => new(
        JsonParser.Settings.Default.WithIgnoreUnknownFields(true).WithTypeRegistry(Types.Value)));

    // Each version of a resource is written once, for all who poll, and is forgotten with it.
    private static readonly ConditionalWeakTable<XdsResource, byte[]> Written = [];

    /// <exception cref="InvalidProtocolBufferException">It is no JSON, or no request.</exception>
    /// <exception cref="InvalidOperationException">It holds a message of a type that is not known here.</exception>
    public static DiscoveryRequest Read(string text) => Parser.Value.Parse<DiscoveryRequest>(text);

    /// <summary>The answer as a <c>DiscoveryResponse</c>.</summary>
    /// <param name="unwritable">The resource that JSON cannot be made of, for a type in it is not known here; then nothing is written.</param>
    public static bool TryWrite(RestPoll poll, string controlPlane, IBufferWriter<byte> output, out XdsResource? unwritable)
    {
        unwritable = poll.Resources.FirstOrDefault(r => JsonOf(r).Length == 0);
        if (unwritable is not null)
        {
            return false;
        }

        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("version_info", poll.Version);
        json.WriteStartArray("resources");
        foreach (var resource in poll.Resources)
        {
            json.WriteRawValue(JsonOf(resource), skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteString("type_url", poll.TypeUrl);
        json.WriteString("nonce", poll.Version);
        json.WriteStartObject("control_plane");
        json.WriteString("identifier", controlPlane);
        json.WriteEndObject();
        json.WriteEndObject();
        return true;
    }

    /// <summary>An error, in the form that gRPC's gateways to JSON give it.</summary>
    public static string Error(int code, string message)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // Empty where it cannot be written.
    private static byte[] JsonOf(XdsResource resource) => Written.GetValue(resource, static r =>
    {
        try
        {
            return Encoding.UTF8.GetBytes(Formatter.Value.Format(r.Any));
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidProtocolBufferException)
        {
            return [];
        }
    });
}
