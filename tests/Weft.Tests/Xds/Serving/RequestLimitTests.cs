using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Envoy.Service.Discovery.V3;
using Envoy.Service.LoadStats.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;
using Weft.Xds.Serving;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Serving;

/// <summary>What one request, and one stream's requests, may hold: each limit over a real connection.</summary>
public sealed class RequestLimitTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    public static TheoryData<string, StatusCode> Requests => new()
    {
        { "node.id", StatusCode.InvalidArgument },
        { "node.cluster", StatusCode.InvalidArgument },
        { "node has", StatusCode.InvalidArgument },
        { "type_url", StatusCode.InvalidArgument },
        { "version_info", StatusCode.InvalidArgument },
        { "response_nonce", StatusCode.InvalidArgument },
        { "resource_names", StatusCode.InvalidArgument },
        { "names; it may", StatusCode.ResourceExhausted },
    };

    public static TheoryData<string, StatusCode> DeltaRequests => new()
    {
        { "node.id", StatusCode.InvalidArgument },
        { "type_url", StatusCode.InvalidArgument },
        { "response_nonce", StatusCode.InvalidArgument },
        { "resource_names_subscribe", StatusCode.InvalidArgument },
        { "resource_names_unsubscribe", StatusCode.InvalidArgument },
        { "initial_resource_versions", StatusCode.InvalidArgument },
        { "names; it may", StatusCode.ResourceExhausted },
    };

    [Theory, MemberData(nameof(Requests))]
    public async Task A_request_above_a_limit_ends_the_stream_and_says_which(string which, StatusCode code)
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = fixture.Sotw();
        var request = new DiscoveryRequest { TypeUrl = TypeUrl.Secret, Node = new() { Id = "n" } };
        var name = new string('n', RequestLimits.LongestName + 1);
        switch (which)
        {
            case "node.id": request.Node.Id = name; break;
            case "node.cluster": request.Node.Cluster = name; break;
            case "node has": request.Node.Metadata = Large(RequestLimits.MostNodeBytes); break;
            case "type_url": request.TypeUrl = name; break;
            case "version_info": request.VersionInfo = name; break;
            case "response_nonce": request.ResponseNonce = name; break;
            case "resource_names": request.ResourceNames.Add(name); break;
            default: request.ResourceNames.Add(Enumerable.Range(0, RequestLimits.MostNames + 1).Select(i => $"{i}")); break;
        }

        await call.RequestStream.WriteAsync(request, Test);
        await EndsAsync(call.ResponseStream, code, which);
    }

    [Theory, MemberData(nameof(DeltaRequests))]
    public async Task A_delta_request_above_a_limit_ends_the_stream_and_says_which(string which, StatusCode code)
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = fixture.Delta();
        var request = new DeltaDiscoveryRequest { TypeUrl = TypeUrl.Secret, Node = new() { Id = "n" } };
        var name = new string('n', RequestLimits.LongestName + 1);
        switch (which)
        {
            case "node.id": request.Node.Id = name; break;
            case "type_url": request.TypeUrl = name; break;
            case "response_nonce": request.ResponseNonce = name; break;
            case "resource_names_subscribe": request.ResourceNamesSubscribe.Add(name); break;
            case "resource_names_unsubscribe": request.ResourceNamesUnsubscribe.Add(name); break;
            case "initial_resource_versions": request.InitialResourceVersions.Add("a", name); break;
            default:
                request.InitialResourceVersions.Add(Enumerable.Range(0, RequestLimits.MostNames + 1).ToDictionary(i => $"{i}", _ => ""));
                break;
        }

        await call.RequestStream.WriteAsync(request, Test);
        await EndsAsync(call.ResponseStream, code, which);
    }

    [Fact]
    public async Task Names_within_their_number_but_too_long_together_end_the_stream()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Empty);
        using var call = fixture.Delta();
        var ended = EndsAsync(call.ResponseStream, StatusCode.ResourceExhausted, "characters at the most");
        var names = StreamLimits.MaxNameCharacters / RequestLimits.LongestName;
        foreach (var part in Enumerable.Range(0, names + 1).Chunk(900))
        {
            var request = new DeltaDiscoveryRequest { TypeUrl = TypeUrl.Secret };
            request.ResourceNamesSubscribe.Add(part.Select(i => $"{i:d8}{new string('n', RequestLimits.LongestName - 8)}"));
            await call.RequestStream.WriteAsync(request, Test);
        }

        await ended;
    }

    [Fact]
    public async Task Of_a_long_complaint_only_the_beginning_is_kept()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "1")]));
        using var call = fixture.Delta();
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Cluster, Node = new() { Id = "n" } }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        await call.RequestStream.WriteAsync(
            new()
            {
                TypeUrl = TypeUrl.Cluster,
                ResponseNonce = call.ResponseStream.Current.Nonce,
                ErrorDetail = new() { Code = 3, Message = new string('e', 1024 * 1024) },
            },
            Test);
        // It has been heard once the next request is answered.
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Secret, ResourceNamesSubscribe = { "none" } }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(TypeUrl.Secret, call.ResponseStream.Current.TypeUrl);
        var error = fixture.Server.Clients.Single().Types.Single(t => t.TypeUrl == TypeUrl.Cluster).Error;
        Assert.Equal(StreamLimits.MaxErrorText, error!.Length);
    }

    [Fact]
    public async Task A_load_report_of_a_node_too_large_ends_the_stream()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = new LoadReportingService.LoadReportingServiceClient(fixture.Channel).StreamLoadStats(cancellationToken: Test);
        await call.RequestStream.WriteAsync(new() { Node = new() { Id = "n", Metadata = Large(RequestLimits.MostNodeBytes) } }, Test);
        await EndsAsync(call.ResponseStream, StatusCode.InvalidArgument, "node has");
    }

    [Fact]
    public async Task A_message_of_more_than_4_MiB_ends_the_stream()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = fixture.Sotw();
        // The end may come before all of it is written, and then nobody need take the rest.
        var written = call.RequestStream.WriteAsync(
            new() { TypeUrl = TypeUrl.Secret, Node = new() { Metadata = Large(4 * 1024 * 1024) } }, Test);
        await EndsAsync(call.ResponseStream, StatusCode.ResourceExhausted, "4194304 bytes at the most");
        call.Dispose();
        await Record.ExceptionAsync(() => written);
    }

    [Fact]
    public async Task A_stream_that_floods_the_server_with_requests_ends_and_time_gives_more()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(new() { RequestBurst = 10, RequestsPerSecond = 2 }, time);
        using var requests = new RequestCount(fixture);
        fixture.Server.Publish(ResourceSet.Empty);
        using var call = fixture.Delta();
        // None of them is answered: nobody has asked for anything by name, and secrets have no wildcard.
        for (var i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Secret, Node = new() { Id = "n" } }, Test);
        }

        // The bucket is empty once the tenth is taken in, which the metric tells.
        await requests.ReachesAsync(10);
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Secret }, Test);
        }

        await EndsAsync(call.ResponseStream, StatusCode.ResourceExhausted, "faster than it may");
        Assert.Equal(12, requests.Count);
    }

    [Fact]
    public async Task Answers_to_responses_are_no_flood()
    {
        await using var fixture = await XdsServerFixture.StartAsync(new() { RequestBurst = 5, RequestsPerSecond = 0 }, new FakeTimeProvider());
        using var call = fixture.Delta();
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Cluster, Node = new() { Id = "n" } }, Test);
        for (var i = 0; i < 50; i++)
        {
            fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", $"{i}")]));
            Assert.True(await call.ResponseStream.MoveNext(Test));
            await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Cluster, ResponseNonce = call.ResponseStream.Current.Nonce }, Test);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_request_is_read_and_one_that_swells_ends_the_stream(string encoding)
    {
        await using var fixture = await XdsServerFixture.StartAsync(time: new FakeTimeProvider());
        var fine = new DiscoveryRequest { TypeUrl = "" };
        // It has been read: what it lacks is told.
        Assert.Equal((StatusCode.InvalidArgument, true), await PostAsync(fixture, encoding, Packed(encoding, fine.ToByteArray()), "type_url is required"));
        var bomb = Packed(encoding, new byte[256 * 1024 * 1024]);
        Assert.InRange(bomb.Length, 1, new XdsServerSettings().MaxRequestBytes);
        Assert.Equal((StatusCode.ResourceExhausted, true), await PostAsync(fixture, encoding, bomb, "once decompressed"));
        Assert.Equal((StatusCode.InvalidArgument, true), await PostAsync(fixture, encoding, [1, 2, 3, 4], "not compressed as it says"));
    }

    [Fact]
    public async Task An_unknown_compression_is_refused()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        Assert.Equal((StatusCode.Unimplemented, true), await PostAsync(fixture, "zstd", [1], "zstd"));
    }

    [Fact]
    public async Task A_message_that_is_cut_off_ends_the_stream()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        // It says 100 bytes and has three.
        var (code, _) = await PostAsync(fixture, "identity", [1, 2, 3], "", length: 100);
        Assert.Contains(code, new[] { StatusCode.Internal, StatusCode.InvalidArgument });
    }

    private static Struct Large(int bytes) => new() { Fields = { ["x"] = Value.ForString(new string('x', bytes)) } };

    private static byte[] Packed(string encoding, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (Stream pack = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZLibStream(packed, CompressionLevel.Fastest))
        {
            pack.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Sends one message as bytes; returns the status, and whether it says the text.</summary>
    private static async Task<(StatusCode Code, bool Says)> PostAsync(
        XdsServerFixture fixture, string encoding, byte[] message, string text, int? length = null)
    {
        using var client = new HttpClient();
        var size = length ?? message.Length;
        byte[] frame = [(byte)(encoding == "identity" ? 0 : 1), (byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size, .. message];
        using var content = new ByteArrayContent(frame);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"{fixture.Url}/{XdsServices.AggregatedService}/StreamAggregatedResources"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Add("grpc-encoding", encoding);
        request.Headers.Add("te", "trailers");
        using var response = await client.SendAsync(request, Test);
        await response.Content.ReadAsByteArrayAsync(Test);
        var headers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        var said = Uri.UnescapeDataString(headers.TryGetValues("grpc-message", out var messages) ? messages.Single() : "");
        return ((StatusCode)int.Parse(headers.GetValues("grpc-status").Single(), System.Globalization.CultureInfo.InvariantCulture),
            said.Contains(text, StringComparison.Ordinal));
    }

    private static async Task EndsAsync<T>(IAsyncStreamReader<T> responses, StatusCode code, string text)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await responses.MoveNext(Test))
            {
                // Only the end matters.
            }
        });
        Assert.Equal(code, error.StatusCode);
        Assert.Contains(text, error.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>The requests that the server has taken in, as its metric counts them.</summary>
    private sealed class RequestCount : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly SemaphoreSlim _taken = new(0);
        private int _count;

        public RequestCount(XdsServerFixture fixture)
        {
            var meters = fixture.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "weft.xds.requests" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
            {
                Interlocked.Increment(ref _count);
                _taken.Release();
            });
            _listener.Start();
        }

        public int Count => Volatile.Read(ref _count);

        public async Task ReachesAsync(int requests)
        {
            for (var i = 0; i < requests; i++)
            {
                await _taken.WaitAsync(Test);
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            _taken.Dispose();
        }
    }
}
