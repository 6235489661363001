using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Weft.Agent.Features;
using Weft.Agent.Inspect;
using Weft.Agent.Listing;
using Weft.Agent.Pinning;
using Weft.Agent.Top;
using Weft.Agent.Why;

namespace Weft.Agent.Commands;

/// <summary>What commands print with <c>--json</c>: names in lower case with underscores, one line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<LoadView>))]
[JsonSerializable(typeof(ObjectView))]
[JsonSerializable(typeof(List<FeatureView>))]
[JsonSerializable(typeof(KernelView))]
[JsonSerializable(typeof(WhyView))]
[JsonSerializable(typeof(List<PinView>))]
[JsonSerializable(typeof(TopView))]
internal sealed partial class AgentJson : JsonSerializerContext
{
    // It is read by programs and people, not by browsers: <, > and ' stay as they are.
    private static readonly AgentJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Line<T>(T value, Func<AgentJson, JsonTypeInfo<T>> type) => JsonSerializer.Serialize(value, type(Readable)) + "\n";
}
