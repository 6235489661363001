using System.Diagnostics;
using Weft.ControlPlane;
using Weft.Flow;

namespace Weft.Telemetry;

/// <summary>The span of a publication, with its steps below it. Costs nothing where nobody listens.</summary>
internal static class PublishTrace
{
    public const string SourceName = "Weft";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span of the whole, from when the first of its causes began. Null where nobody listens.</summary>
    /// <param name="mesh">The mesh where it is new; null where only raw resources have changed.</param>
    public static Activity? Begin(MeshState? mesh)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var publish = Source.StartActivity(
            "weft.publish", ActivityKind.Internal, default(ActivityContext), startTime: mesh?.Read.Began ?? default);
        if (publish is not null && mesh is not null)
        {
            Past("weft.read", mesh.Read);
            Past("weft.compose", mesh.Composed);
        }

        return publish;
    }

    /// <summary>A step of the publication under way that begins now and ends when it is disposed of.</summary>
    public static Activity? Step(string name) => Activity.Current is null ? null : Source.StartActivity(name);

    public static void Describe(Activity? publish, Publication publication, ControlPlaneReport report, int raw)
    {
        if (publish is null)
        {
            return;
        }

        var mesh = report.Mesh;
        publish.SetTag("weft.mesh.version", mesh.Version.ToString());
        publish.SetTag("weft.services", mesh.Services.Count);
        publish.SetTag("weft.workloads", mesh.Workloads.Count);
        publish.SetTag("weft.gateways", mesh.Gateways.Count);
        publish.SetTag("weft.raw_resources", raw);
        publish.SetTag("weft.groups", publication.Groups.ByName.Count);
        publish.SetTag("weft.diagnostics.errors", report.Diagnostics.Count(d => d.Severity == Severity.Error));
        publish.SetTag("weft.diagnostics.warnings", report.Diagnostics.Count(d => d.Severity == Severity.Warning));
    }

    /// <summary>A step that another loop did before.</summary>
    private static void Past(string name, TimeSlice slice)
    {
        if (slice.Began != default)
        {
            using var step = Source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), startTime: slice.Began);
            step?.SetEndTime(slice.Ended.UtcDateTime);
        }
    }
}
