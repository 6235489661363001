using Weft.Model;
using Weft.Wasm.Tags;

namespace Weft.Tests.Manifests;

public sealed class WasmPluginTests
{
    private const string Url = "url: file://a.wasm\n";
    private const string Tag = "url: weft://TrafficTag\n";

    private const string Sum = "8c63048255a981a8d3a01f39454da355873a47e81c9dc15477a0c7d7eab2f6b1";

    [Fact]
    public void A_plugin_says_which_module_runs_where_and_with_what()
    {
        var plugin = Decoded.Only<WasmPluginConfig>(Document("""
            selector: {matchLabels: {app: reviews}}
            url: file:///opt/tag.wasm
            sha256: SUM
            pluginName: tag
            pluginConfig: {rules: [{header: x-user, percent: 12.5, on: yes, note: "5"}], none: ~, big: 0x10}
            phase: AUTHZ
            priority: -7
            failStrategy: FAIL_OPEN
            vmConfig: {env: [{name: A, value: "1"}, {name: HOME, valueFrom: HOST}]}
            match: [{mode: CLIENT, ports: [{number: 80}]}, {mode: SERVER}]
            """.Replace("SUM", Sum.ToUpperInvariant(), StringComparison.Ordinal)));
        Assert.Equal("/opt/tag.wasm", plugin.Url.Path);
        Assert.Equal((Sum, "tag"), (plugin.Sha256, plugin.RootId));
        Assert.Equal("""{"rules":[{"header":"x-user","percent":12.5,"on":true,"note":"5"}],"none":null,"big":16}""", plugin.Settings);
        Assert.Equal((PluginPhase.Authorization, -7, FailStrategy.Open), (plugin.Phase, plugin.Priority, plugin.FailStrategy));
        Assert.Equal("A=1", string.Join(',', plugin.Environment.Values.Select(v => $"{v.Key}={v.Value}")));
        Assert.Equal(["HOME"], plugin.Environment.FromProxy);
        Assert.Equal([(true, false), (false, true)], plugin.Match.Select(m => (m.Client, m.Server)));
        Assert.Equal([80], plugin.Match[0].Ports);
        Assert.Equal("reviews", plugin.Selector["app"]);
    }

    [Fact]
    public void What_a_plugin_does_not_say_has_Istios_defaults()
    {
        var plugin = Decoded.Only<WasmPluginConfig>(Document(Url));
        Assert.Equal((PluginPhase.Unspecified, 0, FailStrategy.Close), (plugin.Phase, plugin.Priority, plugin.FailStrategy));
        Assert.Equal(("a", "", null), (plugin.RootId, plugin.Settings, plugin.Sha256));
        Assert.Empty(plugin.Match);
        Assert.Empty(plugin.Selector);
    }

    [Theory]
    [InlineData("file://tag.wasm", "mesh/tag.wasm")]
    [InlineData("file:plugins/tag%20v1.wasm", "mesh/plugins/tag v1.wasm")]
    [InlineData("file:///opt/tag.wasm", "/opt/tag.wasm")]
    public void A_file_is_looked_for_from_the_manifests_folder(string url, string path)
    {
        var document = Assert.Single(Decoded.File(Document($"url: \"{url}\""), "mesh/a.yaml").Documents);
        Assert.Equal(path, Assert.IsType<WasmPluginConfig>(document.Config).Url.Path);
    }

    [Fact]
    public void A_module_that_comes_with_the_program_lies_beside_it() => Assert.Equal(
        Path.Combine(AppContext.BaseDirectory, "plugins/TrafficTag.wasm"),
        Decoded.Only<WasmPluginConfig>(Document("url: weft://TrafficTag")).Url.Path);

    [Theory]
    [InlineData("rules: [{tag: a, conditions: [{from: path, is: regex, value: a+}]}]")]
    [InlineData("conditionGroups: [{headerValue: a, conditions: [{conditionType: path, operator: REGEX, value: [^a+$]}]}]")]
    public void The_rules_of_TrafficTag_are_compiled(string config)
    {
        const string Rules = """{"rules":[{"tag":"a","conditions":[{"from":"path","is":"regex","value":"a+"}]}]}""";
        Assert.True(TagConfiguration.TryCompile(Rules, out var compiled, out _));
        Assert.Equal(compiled, Decoded.Only<WasmPluginConfig>(Document($"{Tag}pluginConfig: {{{config}}}")).Settings);
        Assert.Equal(compiled, Decoded.Only<WasmPluginConfig>(Document($"{Tag}pluginConfig: {compiled}")).Settings);
    }

    [Fact]
    public void TrafficTag_without_a_configuration_has_no_rules() => Assert.Equal(
        TagConfiguration.Empty, Decoded.Only<WasmPluginConfig>(Document(Tag)).Settings);

    [Theory]
    [InlineData("""{"is":"regex","value":"("}""")]
    [InlineData("""{"rules":[{"conditions":[{"from":"path","is":"regex","value":"("}]}]}""")]
    public void What_other_plugins_read_stays_as_it_is(string config) =>
        Assert.Equal(config, Decoded.Only<WasmPluginConfig>(Document($"{Url}pluginConfig: {config}")).Settings);

    [Fact]
    public void A_mistake_in_a_rule_is_told_with_its_place() => Assert.StartsWith(
        "spec.pluginConfig.rules[0].conditions[1]: ",
        Decoded.Message(Document(
            Tag + "pluginConfig: {rules: [{tag: a, conditions: [{from: path, is: exists}, {from: path, is: regex, value: (}]}]}")),
        StringComparison.Ordinal);

    [Fact]
    public void A_gateway_may_be_named_instead_of_labels() => Assert.Equal(
        ["web"],
        Decoded.Only<WasmPluginConfig>(Document(
            Url + "targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: web}]")).Gateways);

    [Theory]
    [InlineData("phase: AUTHN", "5:3 error WEFT1012")]
    [InlineData("url: oci://registry/tag:latest", "5:8 error WEFT1118")]
    [InlineData("url: registry/tag", "5:8 error WEFT1118")]
    [InlineData("url: ftp://a/b.wasm", "5:8 error WEFT1118")]
    [InlineData("url: \"file://\"", "5:8 error WEFT1118")]
    [InlineData("url: weft://../TrafficTag", "5:8 error WEFT1118")]
    [InlineData(Tag + "pluginConfig: {rules: [{tag: a, conditions: [{from: path, is: regex, value: '['}]}]}", "6:48 error WEFT6201")]
    [InlineData(Tag + "pluginConfig: {roles: 1}", "6:17 error WEFT6203")]
    [InlineData(Url + "sha256: abc", "6:11 error WEFT1119")]
    [InlineData(Url + "pluginConfig: {a: [.inf]}", "6:22 error WEFT1120")]
    [InlineData(Url + "pluginConfig: [1]", "6:17 error WEFT1011")]
    [InlineData(Url + "phase: FIRST", "6:10 error WEFT1109")]
    [InlineData(Url + "failStrategy: OPEN", "6:17 error WEFT1109")]
    [InlineData(Url + "match: [{mode: BOTH}]", "6:18 error WEFT1109")]
    [InlineData(Url + "match: [{ports: [{number: 0}]}]", "6:29 error WEFT1102")]
    [InlineData(Url + "vmConfig: {env: [{name: \"a=b\"}]}", "6:27 error WEFT1111")]
    [InlineData(Url + "vmConfig: {env: [{name: a}, {name: a}]}", "6:38 error WEFT1110")]
    [InlineData(Url + "type: NETWORK", "6:9 error WEFT1201")]
    [InlineData(Url + "imagePullSecret: s", "6:20 error WEFT1201")]
    [InlineData(Url + "imagePullPolicy: Always", "6:20 warning WEFT1206")]
    [InlineData(Url + "targetRefs: [{group: \"\", kind: Service, name: a}]", "6:24 error WEFT1109, 6:34 error WEFT1109")]
    [InlineData(Url + "selector: {matchLabels: {a: b}}\ntargetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: a}]", "6:13 error WEFT1114")]
    public void A_mistake_in_a_plugin_is_found_where_it_stands(string spec, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Document(spec)));

    [Fact]
    public void A_registry_is_refused_with_what_to_write_instead() => Assert.Equal(
        "spec.url: 'oci://r/tag' names an image in a registry, and registries are not read. "
        + "(write file:// with the path of the module, or http:// or https:// with where it is served)",
        Decoded.Message(Document("url: oci://r/tag")));

    [Theory]
    [InlineData("-0x1", "-0x1", true)]
    [InlineData("1_000", "1000", false)]
    [InlineData("0o17", "15", false)]
    [InlineData("0b101", "5", false)]
    [InlineData("+5", "5", false)]
    [InlineData("007", "7", false)]
    [InlineData(".5", "0.5", false)]
    [InlineData("1.", "1", false)]
    [InlineData("1e400", null, false)]
    [InlineData("12345678901234567890123", "12345678901234567890123", false)]
    public void A_number_of_yaml_is_one_of_json(string yaml, string? json, bool isText)
    {
        var found = Decoded.File(Document($"{Url}pluginConfig: {{n: {yaml}}}")).Documents[0];
        Assert.Equal(
            json is null ? null : isText ? $$"""{"n":"{{json}}"}""" : $$"""{"n":{{json}}}""",
            (found.Config as WasmPluginConfig)?.Settings);
    }

    private static string Document(string spec) => Decoded.Document("extensions.istio.io/v1alpha1", "WasmPlugin", spec.TrimEnd('\n'));
}
