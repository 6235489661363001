using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Manifests;
using Weft.Model;
using Weft.Preview;
using Weft.Translation.Raw;

namespace Weft.Commands;

/// <summary><c>weft validate DIR</c>: all that is wrong with manifests, without running anything.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders of manifests.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var (resources, json) = (Flags.Resources("A folder of raw Envoy resources."), Flags.Json());
        var command = new ExampleCommand(
            "validate",
            "Check manifests and raw resources as the control plane would read them, and show the conditions of each object. "
            + "Exit code 1 if there is an error.",
            "weft validate samples/bookshop",
            "weft validate manifests/ --resources envoy/ --json")
        {
            folders, resources, json,
        };
        command.SetAction(parsed => Run(
            [.. parsed.GetValue(folders) ?? []], parsed.GetValue(resources), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(ImmutableArray<string> folders, string? resources, bool json, TextWriter output)
    {
        if (folders.IsEmpty && resources is null)
        {
            throw new UsageException("Name a folder of manifests, or --resources.");
        }

        foreach (var folder in folders.Append(resources).OfType<string>().Where(f => !Directory.Exists(f)))
        {
            throw new UsageException($"There is no folder '{folder}'.");
        }

        var manifests = ManifestSource.Read(folders, TimeProvider.System);
        var (mesh, composed, status) = MeshComposer.Compose(manifests.Objects);
        var raw = resources is null ? RawSnapshot.None : RawLoop.Read(FolderSource.Read([resources], TimeProvider.System));
        var publication = Publication.None.Next(mesh, raw.Resources, manifests.Objects).MadeForAll();
        ImmutableArray<Diagnostic> diagnostics = [.. manifests.Diagnostics, .. composed, .. raw.Diagnostics, .. publication.Diagnostics];
        output.Write(json ? Json(diagnostics, status) : Text(diagnostics, status, mesh, raw.Resources));
        return diagnostics.Any(d => d.Severity == Severity.Error) ? WeftCommand.Failed : WeftCommand.Done;
    }

    private static string Json(ImmutableArray<Diagnostic> diagnostics, ImmutableArray<ObjectStatus> status) => JsonSerializer.Serialize(
        new ValidationView([.. diagnostics.Select(DiagnosticView.Of)], [.. status.Select(ObjectView.Of)]),
        ViewJson.Default.ValidationView) + "\n";

    private static string Text(
        ImmutableArray<Diagnostic> diagnostics, ImmutableArray<ObjectStatus> status, MeshSnapshot mesh, ImmutableArray<RawResource> raw)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            text.Append(diagnostic).Append('\n');
        }

        foreach (var one in status)
        {
            text.Append(one).Append('\n');
        }

        var errors = diagnostics.Count(d => d.Severity == Severity.Error);
        var warnings = diagnostics.Count(d => d.Severity == Severity.Warning);
        return text.Append(
            $"{Words.Count(mesh.Services.Count, "service", "services")}, {Words.Count(mesh.Workloads.Count, "workload", "workloads")}, "
            + $"{Words.Count(mesh.Gateways.Count, "gateway", "gateways")}, {Words.Count(raw.Length, "raw resource", "raw resources")}: "
            + $"{Words.Count(errors, "error", "errors")}, {Words.Count(warnings, "warning", "warnings")}\n")
            .ToString();
    }
}
