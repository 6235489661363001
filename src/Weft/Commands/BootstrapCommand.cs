using System.CommandLine;
using Weft.Bootstrap;

namespace Weft.Commands;

/// <summary><c>weft bootstrap envoy|grpc</c>: the file that a proxy or a gRPC application starts with.</summary>
internal static class BootstrapCommand
{
    public static Command Create() => new Command(
        "bootstrap", "Print the configuration with which a proxy finds the control plane.")
    {
        Envoy(),
        Grpc(),
    };

    private static ExampleCommand Envoy()
    {
        var (node, gateway, xds) = (Flags.Node(), Flags.Gateway(), Flags.Xds());
        var admin = Flags.Loopback("--admin", "Envoy's own admin listener.", new(System.Net.IPAddress.Loopback, 15000));
        var protocol = Flags.AcceptOnly(
            new Option<string>("--protocol") { Description = "How to ask for resources.", DefaultValueFactory = _ => "delta" },
            "delta", "sotw");
        var command = new ExampleCommand(
            "envoy",
            "Print a bootstrap for Envoy.",
            "weft bootstrap envoy --node reviews-v1.shop > envoy.json && envoy -c envoy.json",
            "weft bootstrap envoy --node reviews-v1.shop --admin 127.0.0.1:15001 --protocol sotw",
            "weft bootstrap envoy --node edge.shop --gateway",
            "weft bootstrap envoy --node reviews-v1.shop --xds 10.0.0.1:18000 --xds-ca ca.pem --tls-cert tls.crt --tls-key tls.key")
        {
            node, gateway, xds, admin, protocol,
        };
        var security = new ClientSecurityFlags(withToken: true);
        security.AddTo(command);
        command.SetAction(parsed =>
        {
            var credentials = security.Read(parsed, parsed.GetValue(xds)!);
            parsed.InvocationConfiguration.Output.Write(EnvoyBootstrap.Json(
                parsed.GetValue(node)!, parsed.GetValue(gateway), parsed.GetValue(xds)!, parsed.GetValue(admin)!,
                parsed.GetValue(protocol) == "delta", credentials, TokenIn(credentials.TokenFile)));
        });
        return command;
    }

    private static ExampleCommand Grpc()
    {
        var (node, xds) = (Flags.Node(), Flags.Xds());
        var command = new ExampleCommand(
            "grpc",
            "Print a bootstrap for a gRPC application that routes for itself.",
            "weft bootstrap grpc --node client.shop > xds.json && GRPC_XDS_BOOTSTRAP=xds.json ./client xds:///reviews:9080")
        {
            node, xds,
        };
        var security = new ClientSecurityFlags(withToken: false);
        security.AddTo(command);
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(GrpcBootstrap.Json(
            parsed.GetValue(node)!, parsed.GetValue(xds)!, security.Read(parsed, parsed.GetValue(xds)!))));
        return command;
    }

    // Envoy takes the token itself, not a file of it.
    private static string? TokenIn(string? path)
    {
        try
        {
            return path is null ? null : File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--token-file cannot be read: {e.Message}");
        }
    }
}
