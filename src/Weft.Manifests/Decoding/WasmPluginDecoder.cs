using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;
using Weft.Wasm.Tags;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>WasmPlugin</c> of <c>extensions.istio.io/v1alpha1</c>.</summary>
internal static class WasmPluginDecoder
{
    private const int Sha256Digits = 64;

    public static WasmPluginConfig Decode(Head head, FieldReader spec)
    {
        if (spec.Find("url") is null)
        {
            spec.Missing("url", "say where the module is, such as file://plugin.wasm or https://example.com/plugin.wasm");
        }

        var (selector, gateways) = Targets(spec);
        var name = spec.Text("pluginName")?.Text is { Length: > 0 } said ? said : head.Name?.Name ?? "";
        var url = ModuleUrlText.Read(spec, "url");
        var config = new WasmPluginConfig(
            head.Name ?? default, selector, gateways, url, Sha256(spec), name,
            Settings(spec, "pluginConfig", ModuleUrlText.IsTrafficTag(url)),
            Phase(spec), spec.Number("priority")?.Value ?? 0, Strategy(spec),
            spec.Map("vmConfig") is { } vm ? Environment(vm) : PluginEnvironment.None,
            [.. spec.Maps("match").Select(Match)], head.Where);
        CheckType(spec);
        spec.NoEffect("imagePullPolicy", "a module is fetched when its manifest changes, and at no other time", "remove it");
        spec.Unsupported("imagePullSecret", "verificationKey", "targetRef");
        spec.Close();
        return config;
    }

    private static (ImmutableSortedDictionary<string, string> Selector, ImmutableArray<string> Gateways) Targets(FieldReader spec)
    {
        var selector = spec.Map("selector");
        var labels = selector?.Labels("matchLabels") ?? Head.NoLabels;
        selector?.Close();
        ImmutableArray<string> gateways = [.. spec.Maps("targetRefs").Select(Gateway).OfType<string>()];
        if (selector is not null && !gateways.IsEmpty)
        {
            spec.Findings.Error(
                "WEFT1114", selector.Where, $"{spec.PathOf("selector")} and {spec.PathOf("targetRefs")} exclude each other.",
                "remove one of the two");
        }

        return (labels, gateways);
    }

    private static string? Gateway(FieldReader target)
    {
        target.Require("kind", "name");
        var group = target.OneOf("group", "", Gateways.Group);
        target.OneOf("kind", null, "Gateway");
        var name = target.Subdomain("name");
        if (group is { Length: 0 })
        {
            target.Missing("group", $"write group: {Gateways.Group}");
        }

        target.Unsupported("namespace");
        target.Close();
        return name;
    }

    private static string Settings(FieldReader spec, string field, bool areTags) =>
        spec.Find(field) is { } settings ? PluginSettingsText.Of(settings, spec.PathOf(field), areTags, spec.Findings)
        : areTags ? TagConfiguration.Empty
        : "";

    private static string? Sha256(FieldReader spec)
    {
        if (spec.Text("sha256") is not { Text.Length: > 0 } text)
        {
            return null;
        }

        if (text.Text.Length != Sha256Digits || !text.Text.All(char.IsAsciiHexDigit))
        {
            spec.Findings.Error(
                "WEFT1119", text.Where, $"{spec.PathOf("sha256")}: {Excerpt.Of(text.Text)} is no SHA-256.",
                "write 64 hexadecimal digits, as sha256sum prints them");
        }

        return text.Text.ToLowerInvariant();
    }

    private static PluginPhase Phase(FieldReader spec) =>
        spec.OneOf("phase", "UNSPECIFIED_PHASE", "UNSPECIFIED_PHASE", "AUTHN", "AUTHZ", "STATS") switch
        {
            "AUTHN" => PluginPhase.Authentication,
            "AUTHZ" => PluginPhase.Authorization,
            "STATS" => PluginPhase.Stats,
            _ => PluginPhase.Unspecified,
        };

    private static FailStrategy Strategy(FieldReader spec) =>
        spec.OneOf("failStrategy", "FAIL_CLOSE", "FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD") switch
        {
            "FAIL_OPEN" => FailStrategy.Open,
            "FAIL_RELOAD" => FailStrategy.Reload,
            _ => FailStrategy.Close,
        };

    private static void CheckType(FieldReader spec)
    {
        if (spec.OneOf("type", "HTTP", "UNSPECIFIED_PLUGIN_TYPE", "HTTP", "NETWORK") == "NETWORK")
        {
            spec.Unsupported("type");
        }
    }

    private static PluginMatchConfig Match(FieldReader match)
    {
        var mode = match.OneOf("mode", "CLIENT_AND_SERVER", "UNDEFINED", "CLIENT", "SERVER", "CLIENT_AND_SERVER");
        var ports = match.Maps("ports").Select(Port).OfType<int>().ToImmutableArray();
        match.Close();
        return new(mode != "SERVER", mode != "CLIENT", ports, match.Where);
    }

    private static int? Port(FieldReader port)
    {
        if (port.Find("number") is null)
        {
            port.Missing("number");
        }

        var number = port.Port("number");
        port.Close();
        return number;
    }

    private static PluginEnvironment Environment(FieldReader vm)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var fromProxy = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in vm.Maps("env"))
        {
            if (Variable(entry, seen) is not { } name)
            {
                continue;
            }

            if (entry.OneOf("valueFrom", "INLINE", "INLINE", "HOST") == "HOST")
            {
                fromProxy.Add(name);
            }
            else
            {
                values[name] = entry.Text("value")?.Text ?? "";
            }

            entry.Ignore("value");
            entry.Close();
        }

        vm.Close();
        return new(values.ToImmutable(), fromProxy.ToImmutable());
    }

    private static string? Variable(FieldReader entry, HashSet<string> seen)
    {
        if (entry.Find("name") is null)
        {
            entry.Missing("name");
        }

        if (entry.Text("name") is not { } name)
        {
            return null;
        }

        if (name.Text.Length == 0 || name.Text.Contains('=') || name.Text.Contains('\0'))
        {
            entry.Findings.Error(
                "WEFT1111", name.Where, $"{entry.PathOf("name")}: {Excerpt.Of(name.Text)} is no name of a variable.");
        }

        entry.Findings.CheckOnce(seen, name.Text, name.Where, $"The variable {Excerpt.Of(name.Text)}");
        return name.Text;
    }
}
