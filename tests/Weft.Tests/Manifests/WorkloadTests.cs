using Weft.Model;

namespace Weft.Tests.Manifests;

public sealed class WorkloadTests
{
    [Fact]
    public void A_workload_has_its_ports_and_the_command_that_runs_it()
    {
        var workload = Decoded.Only<WorkloadConfig>("""
            apiVersion: weft.dev/v1alpha1
            kind: Workload
            metadata: {name: reviews-v1, namespace: shop, labels: {app: reviews, version: v0}}
            spec:
              service: reviews
              labels: {version: v1}
              address: 127.0.0.2
              appPort: 9080
              inboundPort: 15006
              outboundPort: 15001
              run:
                command: [bin/reviews, --port, "9080"]
                env: {LEVEL: debug}
                build: [make, reviews]
            """);
        Assert.Equal(new ObjectName("shop", "reviews-v1"), workload.Name);
        Assert.Equal(new ObjectName("shop", "reviews"), workload.Service);
        Assert.Equal(["app=reviews", "version=v1"], workload.Labels.Select(l => $"{l.Key}={l.Value}"));
        Assert.Equal(("127.0.0.2", 9080, 15006, 15001),
            (workload.Address, workload.AppPort, workload.InboundPort, workload.OutboundPort));
        Assert.Equal(["bin/reviews", "--port", "9080"], workload.Run!.Command);
        Assert.Equal(["LEVEL=debug"], workload.Run.Environment.Select(e => $"{e.Key}={e.Value}"));
        Assert.Equal(["make", "reviews"], workload.Run.Build);
    }

    [Fact]
    public void A_pure_client_has_only_an_address()
    {
        var workload = Decoded.Only<WorkloadConfig>(Workload("address: \"fd00::1\""));
        Assert.Null(workload.Service);
        Assert.Null(workload.AppPort);
        Assert.Null(workload.Run);
    }

    [Fact]
    public void Relative_paths_start_at_the_folder_of_the_manifest()
    {
        var file = Decoded.File(Workload("address: 10.0.0.1\nrun: {command: [a]}"), "mesh/shop/a.yaml");
        Assert.Equal("mesh/shop", Assert.IsType<WorkloadConfig>(file.Documents[0].Config).Run!.Folder);
    }

    [Theory]
    [InlineData("appPort: 80", "5:3 error WEFT1012")]
    [InlineData("address: localhost", "5:12 error WEFT1103")]
    [InlineData("address: 10.0.0.1\ninboundPort: 80", "5:3 error WEFT1012")]
    [InlineData("address: 10.0.0.1\nappPort: 0", "6:12 error WEFT1102")]
    [InlineData("address: 10.0.0.1\nservice: a.b", "6:12 error WEFT1101")]
    [InlineData("address: 10.0.0.1\nlabels: {a: 'b c'}", "6:15 error WEFT1104")]
    [InlineData("address: 10.0.0.1\nrun: {}", "6:8 error WEFT1012")]
    [InlineData("address: 10.0.0.1\nrun: {command: a}", "6:18 error WEFT1011")]
    [InlineData("address: 10.0.0.1\nrun: {command: [a, 1]}", "6:22 error WEFT1011")]
    [InlineData("address: 10.0.0.1\nrun: {command: [\"a\\0\"]}", "6:19 error WEFT1111")]
    [InlineData("address: 10.0.0.1\nrun: {command: [a], env: {A=B: c}}", "6:29 error WEFT1111")]
    [InlineData("address: 10.0.0.1\nrun: {command: [a], env: {A: 1}}", "6:32 error WEFT1011")]
    [InlineData("adress: 10.0.0.1", "5:3 error WEFT1012, 5:3 warning WEFT1013")]
    public void A_mistake_is_found_where_it_stands(string spec, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Workload(spec)));

    private static string Workload(string spec) => Decoded.Document("weft.dev/v1alpha1", "Workload", spec);
}
