using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>The sample's services by themselves, with a stand-in for their proxies.</summary>
public sealed class BookshopTests : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _ports = new();
    private readonly ConcurrentQueue<string> _tags = new();
    private readonly List<ChildProcess> _services = [];
    private readonly HttpClient _http = new();
    private readonly WebApplication _proxy;

    public BookshopTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _proxy = builder.Build();
        _proxy.Run(PassOnAsync);
    }

    [Fact]
    public async Task The_answer_shows_the_version_of_each_service_and_the_tag_travels_all_the_way()
    {
        await _proxy.StartAsync(TestContext.Current.CancellationToken);
        await StartAsync("ratings", "v1");
        await StartAsync("reviews", "v2");
        await StartAsync("catalog", "v3");
        await StartAsync("frontend", "v4");

        using var request = new HttpRequestMessage(HttpMethod.Get, Address("frontend"));
        request.Headers.Add("x-envoy-flow-tag", "canary-v2");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var versions = new List<string>();
        for (var call = answer; call is not null; call = call["calls"])
        {
            versions.Add($"{call["service"]} {call["version"]}");
        }

        Assert.Equal(["frontend v4", "catalog v3", "reviews v2", "ratings v1"], versions);
        Assert.Equal(["catalog canary-v2", "reviews canary-v2", "ratings canary-v2"], _tags);
    }

    [Fact]
    public async Task A_failed_call_is_502_and_says_who_could_not_call_whom()
    {
        await _proxy.StartAsync(TestContext.Current.CancellationToken);
        await StartAsync("reviews", "v1");
        using var response = await _http.GetAsync(Address("reviews"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(
            "reviews v1 could not call ratings: 503 no ratings here\n",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        await _proxy.DisposeAsync();
        _http.Dispose();
    }

    private async Task StartAsync(string role, string version)
    {
        var program = Path.Combine(RepositoryRoot.Path, "artifacts/bin/Bookshop/release/bookshop");
        Assert.SkipUnless(File.Exists(program), "needs the bookshop: build the solution");
        var port = FreePorts.Next();
        _services.Add(ChildProcess.Start(program, [role], new Dictionary<string, string?>
        {
            ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["WEFT_OUTBOUND"] = _proxy.Urls.Single(),
            ["VERSION"] = version,
        }));
        _ports[role] = port;
        await Eventually.AnswersAsync(
            new Uri(Address(role), "/healthz"), cancellation: TestContext.Current.CancellationToken);
    }

    private Uri Address(string role) => new($"http://127.0.0.1:{_ports[role]}/");

    private async Task PassOnAsync(HttpContext context)
    {
        var service = context.Request.Host.Host;
        _tags.Enqueue($"{service} {context.Request.Headers["x-envoy-flow-tag"]}");
        if (!_ports.TryGetValue(service, out _))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"no {service} here");
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, Address(service));
        request.Headers.Add("x-envoy-flow-tag", context.Request.Headers["x-envoy-flow-tag"].ToString());
        using var answer = await _http.SendAsync(request, context.RequestAborted);
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync(context.RequestAborted));
    }
}
