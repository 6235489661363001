using System.CommandLine;
using System.Net;
using Weft.ControlPlane;
using Weft.Proxy;
using Weft.Proxy.Wasm;
using Weft.Telemetry;
using Weft.Xds.Client;

namespace Weft.Commands;

/// <summary><c>weft proxy</c>: the embedded data plane as a process of its own.</summary>
internal static class ProxyCommand
{
    private static readonly IPEndPoint DefaultAdmin = new(IPAddress.Loopback, 15000);

    public static Command Create()
    {
        var (node, gateway, xds) = (Flags.Node(), Flags.Gateway(), Flags.Xds());
        var (level, format) = (Flags.LogLevel(), Flags.LogFormat());
        var admin = Flags.Loopback("--admin", "Where /ready, /stats/prometheus and /config_dump are.", DefaultAdmin);
        var command = new ExampleCommand(
            "proxy",
            "Run the embedded proxy of a workload or a gateway; a control plane says what it does.",
            "weft proxy --node reviews-v1.shop",
            "weft proxy --node reviews-v1.shop --xds 127.0.0.1:19000 --admin 127.0.0.1:15001",
            "weft proxy --node reviews-v1.shop --xds 10.0.0.1:18000 --xds-ca ca.pem --token-file token")
        {
            node, gateway, xds, admin, level, format,
        };
        var security = new ClientSecurityFlags(withToken: true);
        security.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(node)!,
            parsed.GetValue(gateway),
            parsed.GetValue(xds)!,
            parsed.GetValue(admin)!,
            security.Read(parsed, parsed.GetValue(xds)!),
            Flags.LogSettings(parsed.GetValue(level)!, parsed.GetValue(format)!),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string node, bool isGateway, IPEndPoint xds, IPEndPoint admin, XdsClientCredentials credentials, LogSettings log,
        CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(logging => Logs.Configure(logging, log));
        var name = NodeGroup.NameOf(node);
        // Disposed of after the proxy, so that the last requests are told too.
        using var numbers = ProxyNumbers.Start();
        using var spans = new ProxySpans();
        await using var proxy = await StartAsync(
            new ProxySettings(
                node, name.Name, new Uri($"{(credentials.AuthorityFile is null ? "http" : "https")}://{xds}"), admin,
                NodeGroup.Metadata(NodeGroup.ProxyOf(name, isGateway), admin.ToString()))
            {
                Credentials = credentials,
                Filters = [new WasmFilterFactory()],
            },
            loggers, cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = spans.FollowAsync(proxy, node, ending.Token);
        await proxy.Completion.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ending.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return proxy.Completion.Exception is { InnerException: { } failure }
            ? throw new CommandException($"The proxy failed: {failure.Message}", failure)
            : WeftCommand.Done;
    }

    private static async Task<ProxyHost> StartAsync(
        ProxySettings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        try
        {
            return await ProxyHost.StartAsync(settings, loggers, cancellation);
        }
        catch (IOException e)
        {
            throw new CommandException($"{e.Message} Choose another address with --admin.", e);
        }
    }
}
