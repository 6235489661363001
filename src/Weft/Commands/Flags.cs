using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Weft.ControlPlane;

namespace Weft.Commands;

/// <summary>Options that several commands share.</summary>
internal static class Flags
{
    public const string ServerVariable = "WEFT_SERVER";

    private const string AdminText = "Where health, metrics and status are shown (HTTP).";

    public static Option<string[]> Manifests() => new("--manifests")
    {
        Description = "A folder of manifests, watched; may be given several times.",
        HelpName = "DIR",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Resources(string description) => new("--resources")
    {
        Description = description,
        HelpName = "DIR",
    };

    /// <summary>May leave loopback: who takes it asks for TLS then.</summary>
    public static Option<IPEndPoint> Xds() => Address(
        "--xds", "Where proxies connect (gRPC).", ControlPlaneSettings.DefaultXds, Parse);

    /// <summary>The admin listener of a control plane that may be secured.</summary>
    public static Option<IPEndPoint> AnyAdmin() => Address("--admin", AdminText, ControlPlaneSettings.DefaultAdmin, Parse);

    public static Option<IPEndPoint> LoopbackXds() =>
        Loopback("--xds", "Where proxies connect (gRPC).", ControlPlaneSettings.DefaultXds);

    public static Option<IPEndPoint> Admin() =>
        Loopback("--admin", AdminText, ControlPlaneSettings.DefaultAdmin);

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    /// <summary>Headers of a request, which may be given several times; <see cref="Header"/> reads each.</summary>
    public static Option<string[]> Headers(string name, string description, params string[] aliases)
    {
        var option = new Option<string[]>(name, aliases)
        {
            Description = description,
            HelpName = "'NAME: VALUE'",
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result => Check(
            result, text => text.IndexOf(':', Math.Min(1, text.Length)) > 0, "a header is written 'name: value'"));
        return option;
    }

    public static (string Name, string Value) Header(string text)
    {
        var colon = text.IndexOf(':', 1);
        return (text[..colon].Trim(), text[(colon + 1)..].Trim());
    }

    public static void Check(OptionResult result, Func<string, bool> holds, string rule)
    {
        foreach (var token in result.Tokens.Where(t => !holds(t.Value)))
        {
            result.AddError($"'{token.Value}': {rule}.");
        }
    }

    public static Option<string> Node() => new("--node")
    {
        Description = "The node id: WORKLOAD.NAMESPACE, or GATEWAY.NAMESPACE.",
        HelpName = "ID",
        Required = true,
    };

    public static Option<bool> Gateway() => new("--gateway") { Description = "The node is a gateway, not beside a workload." };

    public static Option<Uri> Server() => new("--server")
    {
        Description = $"The control plane's admin address; else ${ServerVariable}, else http://127.0.0.1:18080.",
        HelpName = "URL",
        CustomParser = ParseServer,
        DefaultValueFactory = ParseServer,
    };

    public static Option<string> LogLevel() => AcceptOnly(
        new Option<string>("--log-level") { Description = "What to log.", DefaultValueFactory = _ => "info" },
        "debug", "info", "warn", "error");

    public static Option<string> LogFormat() => AcceptOnly(
        new Option<string>("--log-format") { Description = "How to log.", DefaultValueFactory = _ => "text" }, "text", "json");

    public static LogSettings LogSettings(string level, string format) => new(
        level switch
        {
            "debug" => Microsoft.Extensions.Logging.LogLevel.Debug,
            "warn" => Microsoft.Extensions.Logging.LogLevel.Warning,
            "error" => Microsoft.Extensions.Logging.LogLevel.Error,
            _ => Microsoft.Extensions.Logging.LogLevel.Information,
        },
        format == "json");

    public static Option<IPEndPoint> Loopback(string name, string description, IPEndPoint? fallback) =>
        Address(name, description, fallback, ParseLoopback);

    private static Option<IPEndPoint> Address(
        string name, string description, IPEndPoint? fallback, Func<ArgumentResult, IPEndPoint?, IPEndPoint?> parse) => new(name)
        {
            Description = description,
            HelpName = "HOST:PORT",
            CustomParser = result => parse(result, fallback),
            DefaultValueFactory = result => fallback!,
        };

    public static Option<string> AcceptOnly(Option<string> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    // Without TLS and tokens, whoever reaches a listener may read the mesh's configuration: loopback only.
    private static IPEndPoint? ParseLoopback(ArgumentResult result, IPEndPoint? fallback)
    {
        var endpoint = Parse(result, fallback);
        if (endpoint is not null && !IPAddress.IsLoopback(endpoint.Address))
        {
            result.AddError(
                $"'{endpoint}' is not on loopback: this listener has no TLS and may not leave the machine. Use 127.0.0.1:{endpoint.Port}.");
        }

        return endpoint;
    }

    private static IPEndPoint? Parse(ArgumentResult result, IPEndPoint? fallback)
    {
        if (result.Tokens.Count == 0)
        {
            return fallback;
        }

        var text = result.Tokens[^1].Value;
        var named = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text[9..] : text;
        if (!IPEndPoint.TryParse(named, out var endpoint) || endpoint.Port == 0)
        {
            result.AddError($"'{text}' is not an address: write HOST:PORT, such as 127.0.0.1:18000.");
            return fallback;
        }

        return endpoint;
    }

    private static Uri ParseServer(ArgumentResult result)
    {
        var fallback = Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } named
            ? named
            : $"http://{ControlPlaneSettings.DefaultAdmin}";
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : fallback;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https"))
        {
            return uri;
        }

        result.AddError($"'{text}' is not an address: write it as http://127.0.0.1:18080.");
        return new Uri($"http://{ControlPlaneSettings.DefaultAdmin}");
    }
}
