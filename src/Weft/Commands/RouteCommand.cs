using System.Collections.Immutable;
using System.CommandLine;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Manifests;
using Weft.Model;
using Weft.Preview;

namespace Weft.Commands;

/// <summary><c>weft route explain</c>: which route takes a request, and why.</summary>
internal static class RouteCommand
{
    public static Command Create() => new("route", "Ask where requests go.") { Explain() };

    private static ExampleCommand Explain()
    {
        var from = new Option<string>("--from")
        {
            Description = "Who sends the request: WORKLOAD.NAMESPACE.",
            HelpName = "WORKLOAD",
            Required = true,
        };
        var to = new Option<string>("--to")
        {
            Description = "The Host of the request: a name, with or without a port.",
            HelpName = "HOST[:PORT]",
            Required = true,
        };
        var method = new Option<string>("--method") { Description = "Its method.", HelpName = "NAME", DefaultValueFactory = _ => "GET" };
        var path = new Option<string>("--path") { Description = "Its path, with its query.", HelpName = "PATH", DefaultValueFactory = _ => "/" };
        var headers = Flags.Headers("--header", "A header of it, 'name: value'; may be given several times.");
        path.Validators.Add(result => Flags.Check(result, text => text.StartsWith('/'), "a path begins with /"));
        var manifests = Flags.Manifests();
        manifests.Description = "Folders of manifests to ask instead of a control plane.";
        var resources = new Option<string?>("--resources")
        {
            Description = "A folder of raw Envoy resources to ask instead of a control plane, alone or beside --manifests.",
            HelpName = "DIR",
        };
        var (server, json) = (Flags.Server(), Flags.Json());
        var command = new ExampleCommand(
            "explain",
            "Say which route takes a request and why, which do not, and where the request goes.",
            "weft route explain --from frontend-v1.default --to catalog",
            "weft route explain --from catalog-v1.default --to reviews:80 --path /top --header 'x-envoy-flow-tag: canary-v2'",
            "weft route explain --from frontend-v1.default --to catalog --manifests samples/bookshop --json",
            "weft route explain --from edge --to www.example.com --resources envoy/")
        {
            from, to, method, path, headers, server, manifests, resources, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new RouteRequest(
                parsed.GetValue(to)!, parsed.GetValue(method)!, parsed.GetValue(path)!,
                [.. (parsed.GetValue(headers) ?? []).Select(Flags.Header).Select(h => KeyValuePair.Create(h.Name, h.Value))]);
            var node = parsed.GetValue(from)!;
            var (folders, raw) = (parsed.GetValue(manifests) ?? [], parsed.GetValue(resources));
            var config = folders.Length > 0 || raw is not null
                ? await FromFoldersAsync([.. folders], raw, node, parsed.InvocationConfiguration.Error)
                : await FromServerAsync(parsed.GetValue(server)!, node, cancellation);
            var explained = ExplainedNode.Of(node, config, request) ?? throw new CommandException(
                $"{node} has no listener that takes its own requests for '{request.Host}': a Workload has one by spec.outboundPort.");
            await parsed.InvocationConfiguration.Output.WriteAsync(
                parsed.GetValue(json) ? ExplainJson.Of(explained) + "\n" : ExplainText.Of(explained));
            return WeftCommand.Done;
        });
        return command;
    }

    private static async Task<NodeConfig> FromServerAsync(Uri server, string node, CancellationToken cancellation)
    {
        var view = await ConfigCommand.FetchAsync(server, node, cancellation);
        return ControlPlaneClient.Read(
            server, () => NodeConfig.Of(Xds.ResourceSet.Create(view.Resources.Select(r => r.ToResource()))));
    }

    private static async Task<NodeConfig> FromFoldersAsync(
        ImmutableArray<string> folders, string? resources, string node, TextWriter errors)
    {
        foreach (var folder in folders.Append(resources).OfType<string>().Where(f => !Directory.Exists(f)))
        {
            throw new UsageException($"There is no folder '{folder}'.");
        }

        var manifests = ManifestSource.Read(folders, TimeProvider.System);
        var (mesh, composed, _) = MeshComposer.Compose(manifests.Objects);
        var raw = resources is null
            ? RawSnapshot.None
            : RawLoop.Read(FolderSource.Read([resources], TimeProvider.System));
        var mistakes = manifests.Diagnostics.Concat(composed).Concat(raw.Diagnostics)
            .Count(d => d.Severity == Severity.Error);
        if (mistakes > 0)
        {
            await errors.WriteLineAsync(
                $"The folders have {Words.Count(mistakes, "mistake", "mistakes")}, and what is in them is left out: "
                + "'weft validate' tells which.");
        }

        var name = NodeGroup.NameOf(node);
        if (!mesh.Workloads.ContainsKey(name) && raw.Resources.IsEmpty)
        {
            throw new CommandException(
                $"No Workload '{name.NodeId}' is in {string.Join(", ", folders.Append(resources).OfType<string>())}"
                + (resources is null ? "." : ", and no raw resource, which every node gets."));
        }

        // Whom the manifests do not name gets the raw resources, as from a control plane.
        var groups = Publication.None.Next(mesh, raw.Resources).Groups;
        return NodeConfig.Of(groups.For($"{NodeGroup.SidecarClass}/{name.NodeId}"));
    }
}
