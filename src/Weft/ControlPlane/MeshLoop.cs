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
        MeshComposition? composition = null;
        await foreach (var snapshot in manifests.WatchAsync(cancellation))
        {
            if (snapshot.Loaded)
            {
                var began = time.GetUtcNow();
                composition = MeshComposer.Compose(snapshot.Objects, composition);
                State.Set(new(composition.Snapshot, snapshot.Diagnostics.AddRange(composition.Diagnostics), composition.Status, true)
                {
                    Written = snapshot.Objects,
                    Read = snapshot.Read,
                    Composed = new TimeSlice(began, time.GetUtcNow()),
                });
            }
        }
    }
}
