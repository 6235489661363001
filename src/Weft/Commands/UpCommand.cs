using System.CommandLine;
using Weft.Manifests;
using Weft.Up;

namespace Weft.Commands;

/// <summary><c>weft up</c>: a whole mesh on this machine.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of manifests.", DefaultValueFactory = _ => "." };
        var plane = Flags.AcceptOnly(
            new Option<string>("--data-plane") { Description = "Which proxies to run.", DefaultValueFactory = _ => "embedded" },
            "embedded", "envoy");
        var envoy = new Option<string>("--envoy")
        {
            Description = "The Envoy program, for --data-plane envoy.",
            HelpName = "PATH",
            DefaultValueFactory = _ => "envoy",
        };
        var (xds, admin, json, level) = (Flags.LoopbackXds(), Flags.Admin(), Flags.Json(), Flags.LogLevel());
        level.DefaultValueFactory = _ => "warn";
        var command = new ExampleCommand(
            "up",
            "Run a mesh on this machine: the control plane, a proxy for each Workload, and what their 'run' says.",
            "weft up samples/bookshop",
            "weft up my-mesh --data-plane envoy --envoy /usr/local/bin/envoy",
            "weft up samples/bookshop --json | jq .services")
        {
            folder, plane, envoy, xds, admin, json, level,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new UpSettings(
                parsed.GetValue(folder)!,
                parsed.GetValue(plane) == "envoy" ? DataPlaneKind.Envoy : DataPlaneKind.Embedded,
                parsed.GetValue(envoy)!,
                parsed.GetValue(xds)!,
                parsed.GetValue(admin)!,
                Flags.LogSettings(parsed.GetValue(level)!, "text")),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static Task<int> RunAsync(UpSettings settings, bool json, CancellationToken cancellation)
    {
        if (!Directory.Exists(settings.Folder))
        {
            throw new UsageException($"There is no folder '{settings.Folder}'.");
        }

        if (settings.DataPlane == DataPlaneKind.Envoy && Programs.Find(settings.Envoy) is null)
        {
            throw new UsageException($"There is no program '{settings.Envoy}': say where Envoy is with --envoy.");
        }

        var manifests = ManifestSource.Read([settings.Folder], TimeProvider.System);
        if (manifests.Objects.Workloads.IsEmpty)
        {
            var findings = string.Concat(manifests.Diagnostics.Select(d => $"\n{d}"));
            throw new CommandException($"'{settings.Folder}' has no Workload, so there is nothing to run.{findings}");
        }

        return new MeshRun(settings, json).RunAsync(cancellation);
    }
}
