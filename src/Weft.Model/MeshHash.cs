using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Flow;

namespace Weft.Model;

/// <summary>The version of a mesh: a hash of all that it says, in the snapshot's own order.</summary>
internal static class MeshHash
{
    // Written out as JSON first, so that no field can be forgotten here.
    public static ContentHash Of(
        IEnumerable<Service> services, IEnumerable<Workload> workloads, IEnumerable<Gateway> gateways, MeshSettings settings)
    {
        using var hash = new ContentHasher();
        hash.Add([.. services], (h, s) => h.Add(JsonSerializer.SerializeToUtf8Bytes(s, MeshJson.Default.Service)));
        hash.Add([.. workloads], (h, w) => h.Add(JsonSerializer.SerializeToUtf8Bytes(w, MeshJson.Default.Workload)));
        hash.Add([.. gateways], (h, g) => h.Add(JsonSerializer.SerializeToUtf8Bytes(g, MeshJson.Default.Gateway)));
        hash.Add(JsonSerializer.SerializeToUtf8Bytes(settings, MeshJson.Default.MeshSettings));
        return hash.Finish();
    }
}

/// <summary>How a mesh is written down for its hash.</summary>
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(Workload))]
[JsonSerializable(typeof(Gateway))]
[JsonSerializable(typeof(MeshSettings))]
internal sealed partial class MeshJson : JsonSerializerContext;
