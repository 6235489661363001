namespace Weft.Tests.Manifests;

public sealed class DocumentTests
{
    private const string Spec = "spec: {ports: [{port: 80}]}\n";

    [Theory]
    [InlineData("kind: Service\n", "1:1 error WEFT1012")]
    [InlineData("apiVersion: v1\n", "1:1 error WEFT1012")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n", "2:7 info WEFT1014")]
    [InlineData("apiVersion: serving.knative.dev/v1\nkind: Service\n", "2:7 info WEFT1014")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TCPRoute\n", "2:7 info WEFT1014")]
    [InlineData("apiVersion: v1\nkind: Servise\n", "2:7 error WEFT1015")]
    [InlineData("apiVersion: v1\nkind: service\n", "2:7 error WEFT1015")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: HTTPRoute\n", "1:13 error WEFT1015")]
    [InlineData("apiVersion: v1\nkind: Service\n" + Spec, "1:1 error WEFT1012")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {}\n" + Spec, "3:11 error WEFT1012")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a.b}\n" + Spec, "3:18 error WEFT1101")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: B}\n" + Spec, "3:32 error WEFT1101")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a, namspace: b}\n" + Spec, "3:21 warning WEFT1013")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n", "1:1 error WEFT1012")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: []\n", "4:7 error WEFT1011")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspek: 1\n" + Spec, "4:1 warning WEFT1013")]
    [InlineData("apiVersion: 1\nkind: Service\n", "1:13 error WEFT1011")]
    [InlineData("- a\n- b\n", "1:1 error WEFT1011")]
    [InlineData("hello\n", "1:1 error WEFT1011")]
    public void A_document_that_is_not_read_says_why(string text, string expected) =>
        Assert.Equal(expected, Decoded.Findings(text));

    [Fact]
    public void Every_document_of_a_file_has_its_own_place()
    {
        var file = Decoded.File(
            $"# one\n---\n{Service("a")}---\n# nothing\n---\n{Service("b")}...\n---\n{Service("c")}");
        Assert.Equal(
            ["a.yaml:3:1 Service default/a", "a.yaml:11:1 Service default/b", "a.yaml:18:1 Service default/c"],
            file.Documents.Select(d => $"{d.Where} {d.Key}"));
        Assert.All(file.Documents, d => Assert.NotNull(d.Config));
    }

    [Fact]
    public void A_list_gives_its_items()
    {
        var file = Decoded.File("""
            apiVersion: v1
            kind: List
            metadata: {resourceVersion: ""}
            items:
            - {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}
            - {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{port: 0}]}}
            - apiVersion: v1
              kind: List
              items: [{apiVersion: v1, kind: Service, metadata: {name: c}, spec: {ports: [{port: 80}]}}]
            - nothing
            """);
        Assert.Equal(
            ["Service default/a", "Service default/c"],
            file.Documents.Where(d => d.Config is not null).Select(d => $"{d.Key}"));
        Assert.Equal("6:78 error WEFT1102, 10:3 error WEFT1011", Decoded.Short(Decoded.Diagnostics(file)));
    }

    [Fact]
    public void A_list_with_an_alias_gives_no_item()
    {
        var item = $"{{apiVersion: v1, kind: Service, metadata: {{name: a}}, {Spec.Trim()}}}";
        var file = Decoded.File(
            $"apiVersion: v1\nkind: List\nitems:\n- {item.Replace("{ports", "{selector: *x, ports")}\n");
        Assert.Equal("4:73 error WEFT1008", Decoded.Short(Decoded.Diagnostics(file)));
        Assert.All(file.Documents, d => Assert.Null(d.Config));
    }

    [Fact]
    public void Json_is_read_as_well_with_places()
    {
        const string Json = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\":\t\"Service\",\n"
            + "\t\"metadata\": {\"name\": \"a\\u002db\", "
            + "\"annotations\": {\"x\\/y\": \"\\ud83d\\ude00\"}},\n"
            + "\t\"spec\": {\n\t\t\"ports\": [{\"port\":80},{\"port\":81, \"name\": \"x\"}],\n"
            + "\t\t\"selector\": null}\n}\n";
        var file = Decoded.File(Json, "a.json");
        Assert.Equal("6:13 error WEFT1012", Decoded.Short(Decoded.Diagnostics(file)));
        Assert.Equal("Service default/a-b", Assert.Single(file.Documents).Key.ToString());
    }

    private static string Service(string name) => $"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n{Spec}";
}
