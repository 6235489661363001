using Weft.Flow;
using Weft.Manifests;
using Weft.Model;

namespace Weft.ControlPlane;

/// <summary>Composes the mesh anew whenever the manifests have changed.</summary>
internal sealed class MeshLoop(Latest<ManifestSnapshot> manifests, TimeProvider time)
{
    public Latest<MeshState> State { get; } = new(MeshState.NotLoaded);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var snapshot in manifests.WatchAsync(cancellation))
        {
            if (!snapshot.Loaded)
            {
                continue;
            }

            var began = time.GetUtcNow();
            var (mesh, diagnostics, status) = MeshComposer.Compose(snapshot.Objects);
            var composed = new TimeSlice(began, time.GetUtcNow());
            State.Update(before => new(
                before.Loaded && before.Mesh.Version == mesh.Version ? before.Mesh : mesh,
                snapshot.Diagnostics.AddRange(diagnostics),
                status,
                true)
            {
                Read = snapshot.Read,
                Composed = composed,
            });
        }
    }
}
