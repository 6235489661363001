using System.Collections.Immutable;
using System.Diagnostics;
using Weft.Flow;
using Weft.Model;
using Weft.Telemetry;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What is published and all that is wrong with it, and whether all sources have been read.</summary>
internal sealed record ControlPlaneReport(ImmutableArray<Diagnostic> Diagnostics, MeshSnapshot Mesh, bool Ready)
{
    public static ControlPlaneReport NotReady { get; } = new([], MeshSnapshot.Empty, false);
}

/// <summary>Publishes to the xDS server whenever the mesh or the raw resources have changed.</summary>
internal sealed partial class PublishLoop(
    Latest<MeshState> mesh, Latest<RawSnapshot> raw, XdsServer server, PublishPace pace, WeftMetrics metrics, ILogger<PublishLoop> logger)
{
    public Latest<ControlPlaneReport> Report { get; } = new(ControlPlaneReport.NotReady);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var publication = Publication.None;
        MeshState? published = null;
        while (true)
        {
            var (meshNow, rawNow, late) = (mesh.Current, raw.Current, publication.Late.Current);
            if (meshNow.Value.Loaded && rawNow.Value.Loaded)
            {
                using var trace = PublishTrace.Begin(meshNow.Value == published ? null : meshNow.Value);
                published = meshNow.Value;
                publication = Publish(publication, published, rawNow.Value, trace);
            }

            await Task.WhenAny(meshNow.Replaced, rawNow.Replaced, late.Replaced).WaitAsync(cancellation);
            await pace.ChangedAsync(
                () => Task.WhenAny(mesh.Current.Replaced, raw.Current.Replaced, publication.Late.Current.Replaced), cancellation);
        }
    }

    private Publication Publish(Publication before, MeshState mesh, RawSnapshot raw, Activity? trace)
    {
        var start = Stopwatch.GetTimestamp();
        var publication = before.Next(mesh.Mesh, raw.Resources, mesh.Written);
        using (PublishTrace.Step("weft.send"))
        {
            server.Groups.Set(publication.Groups.From(trace?.Context ?? default));
        }

        var diagnostics = mesh.Diagnostics.AddRange(raw.Diagnostics).AddRange(publication.Diagnostics);
        var report = new ControlPlaneReport(diagnostics, mesh.Mesh, true);
        foreach (var news in diagnostics.Except(Report.Value.Diagnostics))
        {
            var level = LevelOf(news.Severity);
            Log.Found(logger, level, news);
        }

        Report.Set(report);
        PublishTrace.Describe(trace, publication, report, raw.Resources.Length);
        var took = Stopwatch.GetElapsedTime(start);
        metrics.Published(took, publication.Groups.ByName.Count);
        var (services, workloads) = (mesh.Mesh.Services.Count, mesh.Mesh.Workloads.Count);
        Log.Published(logger, mesh.Mesh.Version, services, workloads, raw.Resources.Length, (long)took.TotalMilliseconds);
        return publication;
    }

    private static LogLevel LevelOf(Severity severity) => severity switch
    {
        Severity.Error => LogLevel.Error,
        Severity.Warning => LogLevel.Warning,
        _ => LogLevel.Debug,
    };

    private static partial class Log
    {
        [LoggerMessage(Message = "{Diagnostic}")]
        public static partial void Found(ILogger logger, LogLevel level, Diagnostic diagnostic);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Published mesh {Version}: {Services} services, {Workloads} workloads, {Raw} raw resources in {Milliseconds} ms")]
        public static partial void Published(
            ILogger logger, ContentHash version, int services, int workloads, int raw, long milliseconds);
    }
}
