using System.Collections.Immutable;
using System.CommandLine;
using Envoy.Config.Route.V3;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Manifests;
using Weft.Preview;
using Weft.Translation.Validation;
using Weft.Xds;

namespace Weft.Commands;

/// <summary><c>weft preview DIR…</c>: what manifests would change, before they are in force.</summary>
internal static class PreviewCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders of manifests: all that is to be in force.",
            Arity = ArgumentArity.OneOrMore,
        };
        var resources = new Option<string?>("--resources")
        {
            Description = "A folder of raw Envoy resources; else those in force stay.",
            HelpName = "DIR",
        };
        var undo = new Option<string?>("--undo")
        {
            Description = "Where to write the manifests that are in force now: a folder that is empty or not there.",
            HelpName = "DIR",
        };
        var (server, json) = (Flags.Server(), Flags.Json());
        var command = new ExampleCommand(
            "preview",
            "Show what manifests would change for the connected proxies, and how dangerous that is. Exit code 3 if it is.",
            "weft preview next/",
            "weft preview next/ --undo before/",
            "weft preview next/ --json | jq .risk")
        {
            folders, resources, undo, server, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            [.. parsed.GetValue(folders) ?? []], parsed.GetValue(resources), parsed.GetValue(undo),
            parsed.GetValue(server)!, parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ImmutableArray<string> folders, string? resources, string? undo, Uri server, bool json, TextWriter output,
        CancellationToken cancellation)
    {
        foreach (var folder in folders.Append(resources).OfType<string>().Where(f => !Directory.Exists(f)))
        {
            throw new UsageException($"There is no folder '{folder}'.");
        }

        if (undo is not null && (File.Exists(undo) || (Directory.Exists(undo) && Directory.EnumerateFileSystemEntries(undo).Any())))
        {
            throw new UsageException($"'{undo}' is not an empty folder: name one that is empty or not there.");
        }

        var files = FolderSource.Read(folders, TimeProvider.System);
        var reading = Task.Run(() => Read(files), cancellation);
        var status = await ControlPlaneClient.GetAsync(server, "/debug/status", ViewJson.Default.StatusView, cancellation);
        if (!status.Ready)
        {
            throw new CommandException($"The control plane at {server} is still reading its sources: ask again.");
        }

        var view = await ControlPlaneClient.GetAsync(server, "/debug/config?form=bytes", ConfigJson.Plain.ServedBytes, cancellation);
        var served = ControlPlaneClient.Read(server, view.ToGroups);
        var inForce = await ControlPlaneClient.GetAsync(
            server, "/debug/manifests", ConfigJson.Plain.ImmutableArrayManifestText, cancellation);
        var raw = resources is null
            ? new RawSnapshot(PlannedMesh.RawOf(served), [], true)
            : RawLoop.Read(FolderSource.Read([resources], TimeProvider.System));
        var planned = PlannedMesh.Of(files, await reading, inForce, raw.Resources, served);
        var report = PreviewReport.Of(new(
            served, planned.Groups, planned.Mesh, ProxiesOf(status), planned.Diagnostics.AddRange(raw.Diagnostics), status.Diagnostics)
        { Rejected = RejectedNow(status) });
        var undone = undo is null ? null : Undo(undo, inForce, served);
        await output.WriteAsync(json
            ? PreviewViewJson.Text(PreviewView.Of(report, undone)) + "\n"
            : PreviewText.Of(report) + Told(undone));
        return report.Verdict.ExitCode;
    }

    // While the control plane answers: to read the files and the modules that they name, and to load the rules of Envoy's API, takes as long as that.
    private static ManifestSnapshot Read(FolderSnapshot files)
    {
        var read = PluginSource.Read(ManifestState.Empty.Step(files).Snapshot);
        EnvoyRules.Check(new RouteConfiguration());
        return read;
    }

    private static ImmutableArray<ConnectedProxy> ProxiesOf(StatusView status) =>
        [.. status.Proxies.Where(p => p.DisconnectedAt is null).Select(ConnectedProxy.Of)];

    private static ImmutableArray<string> RejectedNow(StatusView status) =>
        [.. status.Proxies.Where(p => p.DisconnectedAt is null).SelectMany(p => p.Types
            .Where(t => t.Value.Error is not null)
            .Select(t => $"{p.Node} ({Words.Shown(p.Client)}) {t.Key}: {Words.Shown(t.Value.Error!)}"))];

    private static UndoView Undo(string folder, ImmutableArray<ManifestText> inForce, ResourceGroups served)
    {
        var (files, view) = UndoFolder.Plan(folder, inForce, served);
        try
        {
            UndoFolder.Write(folder, files);
            return view;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The undo cannot be written: {e.Message}", e);
        }
    }

    private static string Told(UndoView? undo) => undo is null ? "" : undo.Exact
        ? $"undo: {undo.Folder} has the manifests in force now\n"
        : $"undo: {undo.Folder} has the manifests in force now, but does not restore all of it\n"
            + string.Concat(undo.Notes.Select(n => $"  {n}\n"));
}
