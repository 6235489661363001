using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Weft.Flow;

namespace Weft.Model;

/// <summary>
/// The version of a mesh: the sum of the hashes of all that it consists of, so that a change costs what has changed.
/// </summary>
internal static class MeshHash
{
    /// <summary>The version of <paramref name="next"/>, from that of the mesh before it.</summary>
    public static ContentHash Next(MeshSnapshot former, MeshSnapshot next)
    {
        var sum = Moved(former.Version, former.Services, next.Services, MeshJson.Default.Service);
        sum = Moved(sum, former.Workloads, next.Workloads, MeshJson.Default.Workload);
        sum = Moved(sum, former.Gateways, next.Gateways, MeshJson.Default.Gateway);
        // The settings that every mesh begins with count as nothing.
        return former.Settings == next.Settings
            ? sum
            : sum.Minus(Of(former.Settings, MeshJson.Default.MeshSettings)).Plus(Of(next.Settings, MeshJson.Default.MeshSettings));
    }

    private static ContentHash Moved<T>(
        ContentHash sum, SortedTable<ObjectName, T> former, SortedTable<ObjectName, T> next, JsonTypeInfo<T> type)
        where T : class
    {
        foreach (var change in next.Since(former))
        {
            sum = change.Before is { } before ? sum.Minus(Of(before, type)) : sum;
            sum = change.After is { } after ? sum.Plus(Of(after, type)) : sum;
        }

        return sum;
    }

    // Written out as JSON first, so that no field can be forgotten here.
    private static ContentHash Of<T>(T part, JsonTypeInfo<T> type)
    {
        using var hash = new ContentHasher();
        return hash.Add(type.Type.Name).Add(JsonSerializer.SerializeToUtf8Bytes(part, type)).Finish();
    }
}

/// <summary>How a mesh is written down for its hash: by generated code alone, which is there when the process starts.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(Workload))]
[JsonSerializable(typeof(Gateway))]
[JsonSerializable(typeof(MeshSettings))]
internal sealed partial class MeshJson : JsonSerializerContext;
