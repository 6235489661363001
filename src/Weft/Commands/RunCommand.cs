using System.CommandLine;
using Weft.ControlPlane;

namespace Weft.Commands;

/// <summary><c>weft run</c>: the control plane.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var (manifests, resources, xds, admin) = (Flags.Manifests(), Flags.Resources("A folder of raw Envoy resources, watched; every node gets them."), Flags.Xds(), Flags.AnyAdmin());
        var (level, format) = (Flags.LogLevel(), Flags.LogFormat());
        var command = new ExampleCommand(
            "run",
            "Run the control plane: manifests and raw resources in, xDS out.",
            "weft run --manifests samples/bookshop",
            "weft run --manifests team-a team-b --resources envoy/",
            "weft run --resources envoy/ --xds 127.0.0.1:19000 --admin 127.0.0.1:19080 --log-format json",
            "weft run --manifests mesh --xds 0.0.0.0:18000 --tls-cert tls.crt --tls-key tls.key --client-ca ca.pem")
        {
            manifests, resources, xds, admin, level, format,
        };
        var security = new ServerSecurityFlags();
        security.AddTo(command);
        var overload = new OverloadFlags();
        overload.AddTo(command);
        var errors = new Option<bool>("--xds-resource-errors")
        {
            Description = "Tell clients by resource_errors what they ask for and cannot have; gRPC reads it, Envoy does not.",
        };
        command.Options.Add(errors);
        command.SetAction((parsed, cancellation) => RunAsync(
            new ControlPlaneSettings(
                [.. parsed.GetValue(manifests) ?? []],
                parsed.GetValue(resources),
                parsed.GetValue(xds)!,
                parsed.GetValue(admin)!,
                Flags.LogSettings(parsed.GetValue(level)!, parsed.GetValue(format)!))
            {
                Security = security.Read(parsed),
                Overload = overload.Read(parsed),
                TellsResourceErrors = parsed.GetValue(errors),
            },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ControlPlaneSettings settings, CancellationToken cancellation)
    {
        foreach (var folder in settings.Manifests.Append(settings.Resources).OfType<string>().Where(f => !Directory.Exists(f)))
        {
            throw new UsageException($"There is no folder '{folder}'.");
        }

        settings.Security.Check(settings.Xds, settings.Admin);
        await using var app = ControlPlaneHost.Build(settings);
        await Listening.StartAsync(app, cancellation);
        await ControlPlaneHost.UntilStoppedAsync(app, settings.Overload.Drain, cancellation);
        return ControlPlaneHost.ExitCode(app);
    }
}
