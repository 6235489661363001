using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

/// <summary>Responses that a client with gRPC's usual limit refuses.</summary>
public sealed class OversizeTests : IAsyncDisposable
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private readonly LogList _log = new();
    private readonly List<object?> _counted = [];
    private readonly MeterListener _listener = new();
    private XdsServerFixture? _fixture;

    [Fact]
    public async Task All_clusters_of_a_state_of_the_world_client_go_in_one_response_which_is_told_of_with_the_fix()
    {
        await StartAsync();
        Publish(TypeUrl.Cluster, count: 60, bytes: 100_000);
        using var call = _fixture!.Sotw();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Test));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        var line = Assert.Single(_log.Lines);
        Assert.Matches(@"^A response of cds to n at ipv4:127\.0\.0\.1:\d+ has 60\d{5} bytes in 60 resources\. .* delta", line);
        Assert.Equal(["cds"], _counted);
    }

    [Fact]
    public async Task A_delta_client_is_sent_the_same_in_parts_which_it_takes()
    {
        await StartAsync();
        Publish(TypeUrl.Cluster, count: 60, bytes: 100_000);
        using var call = _fixture!.Delta();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        var got = 0;
        while (got < 60)
        {
            Assert.True(await call.ResponseStream.MoveNext(Test));
            got += call.ResponseStream.Current.Resources.Count;
        }

        Assert.Empty(_log.Lines);
        Assert.Empty(_counted);
    }

    [Fact]
    public async Task A_single_resource_is_never_split_and_each_type_is_logged_once_and_counted_always()
    {
        await StartAsync();
        using var channel = GrpcChannel.ForAddress(_fixture!.Address, new() { MaxReceiveMessageSize = null });
        using var call = new Envoy.Service.Discovery.V3.AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel)
            .DeltaAggregatedResources(cancellationToken: Test);
        Publish(TypeUrl.Secret, count: 1, bytes: 5_000_000);
        await call.RequestStream.WriteAsync(
            new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Secret, ResourceNamesSubscribe = { "0" } }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Publish(TypeUrl.Secret, count: 1, bytes: 5_000_001);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Contains("make the resource smaller", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal(["sds", "sds"], _counted);
    }

    [Theory]
    [InlineData(1023)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void A_size_of_responses_that_cannot_be_is_refused_at_the_start(int bytes)
    {
        var error = Assert.Throws<ArgumentException>(
            () => new ServiceCollection().AddXds(new() { MaxResponseBytes = bytes }));
        Assert.Contains("MaxResponseBytes", error.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        _fixture = await XdsServerFixture.StartAsync(log: _log);
        var meters = _fixture.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "weft.xds.oversized" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _counted.Add(tags[0].Value));
        _listener.Start();
    }

    private void Publish(string type, int count, int bytes) => _fixture!.Server.Publish(ResourceSet.Create(
        Enumerable.Range(0, count).Select(i => Resources.Make(type, $"{i}", new string('x', bytes)))));

    private sealed class LogList : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
