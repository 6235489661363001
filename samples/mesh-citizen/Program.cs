// A shop whose parts call each other through the mesh, with no proxy beside them. WEFT_NODE says which workload this
// process is, and so which part it plays.
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Weft.Proxy;

var node = Environment.GetEnvironmentVariable("WEFT_NODE") ?? "shop-1.shop";
// The appPort of each workload in mesh/workloads.yaml.
var port = node switch
{
    "shop-1.shop" => 8601,
    "catalog-v1.shop" => 8602,
    "catalog-v2.shop" => 8603,
    _ => throw new ArgumentException($"'{node}' is none of shop-1.shop, catalog-v1.shop and catalog-v2.shop."),
};

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
builder.Services.AddWeftProxy(o => o.Node = node);
builder.Services.AddHttpClient("mesh").AddWeftMesh();
builder.Services.AddHealthChecks().AddWeftProxy();
var app = builder.Build();
app.MapHealthChecks("/health", new HealthCheckOptions
{
    ResponseWriter = (context, report) =>
    context.Response.WriteAsync($"{report.Status}: {report.Entries["weft"].Description}\n")
});
if (node.StartsWith("shop-", StringComparison.Ordinal))
{
    // The host of the address is the service's name; which instance answers is the mesh's to say.
    app.MapGet("/", async (IHttpClientFactory clients, CancellationToken cancellation) =>
    {
        using var client = clients.CreateClient("mesh");
        return "the shop sells " + await client.GetStringAsync(new Uri("http://catalog/items"), cancellation);
    });
}
else
{
    app.MapGet("/items", () => $"books, says {node}\n");
}

await app.RunAsync();
