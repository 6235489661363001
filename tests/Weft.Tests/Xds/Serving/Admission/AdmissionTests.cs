using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;
using Weft.Xds.Serving;
using Call = Grpc.Core.AsyncDuplexStreamingCall<
    Envoy.Service.Discovery.V3.DiscoveryRequest, Envoy.Service.Discovery.V3.DiscoveryResponse>;

namespace Weft.Tests.Xds.Serving;

/// <summary>What clients see of the queue before the server.</summary>
public sealed class AdmissionTests : IAsyncDisposable
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly List<Call> _calls = [];
    private XdsServerFixture? _fixture;

    private Admission Admission => _fixture!.Services.GetRequiredService<Admission>();

    [Fact]
    public async Task A_client_waits_until_another_one_has_all_that_it_asked_for()
    {
        await StartAsync(new() { MaxSyncing = 1 });
        var first = await AskAsync("a");
        await HearAsync(first);
        var second = await AskAsync("b");
        await WaitingAsync(1);
        await first.RequestStream.WriteAsync(
            new() { TypeUrl = TypeUrl.Cluster, ResponseNonce = first.ResponseStream.Current.Nonce, VersionInfo = "1" }, Test);
        await HearAsync(second);
    }

    [Fact]
    public async Task A_client_that_never_answers_holds_its_place_for_a_while_only()
    {
        await StartAsync(new() { MaxSyncing = 1, MaxSyncTime = TimeSpan.FromSeconds(5) });
        await HearAsync(await AskAsync("a"));
        var second = await AskAsync("b");
        await WaitingAsync(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        await HearAsync(second);
    }

    [Fact]
    public async Task A_client_that_goes_while_it_waits_frees_its_place()
    {
        await StartAsync(new() { MaxSyncing = 1, MaxWaiting = 1 });
        await HearAsync(await AskAsync("a"));
        var second = await AskAsync("b");
        await WaitingAsync(1);
        Assert.Contains("1 clients wait", (await FailsAsync(await AskAsync("c"))).Detail, StringComparison.Ordinal);
        second.Dispose();
        await WaitingAsync(0);
        await AskAsync("d");
        await WaitingAsync(1);
    }

    [Fact]
    public async Task A_client_that_waits_too_long_is_told_so()
    {
        await StartAsync(new() { MaxSyncing = 1, MaxSyncTime = TimeSpan.FromMinutes(1), MaxWait = TimeSpan.FromSeconds(3) });
        await HearAsync(await AskAsync("a"));
        var second = await AskAsync("b");
        await WaitingAsync(1);
        _time.Advance(TimeSpan.FromSeconds(3));
        var status = await FailsAsync(second);
        Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode);
        Assert.Contains("has waited 3 seconds", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_stream_more_than_may_be_open_is_refused_and_there_is_room_again_once_one_has_ended()
    {
        await StartAsync(new() { MaxStreams = 1 });
        var first = await AskAsync("a");
        await HearAsync(first);
        var status = await FailsAsync(await AskAsync("b"));
        Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode);
        Assert.Contains("1 streams open", status.Detail, StringComparison.Ordinal);
        await first.RequestStream.CompleteAsync();
        Assert.False(await first.ResponseStream.MoveNext(Test));
        await HearAsync(await AskAsync("c"));
    }

    [Fact]
    public async Task A_stream_that_says_nothing_keeps_nobody_waiting()
    {
        await StartAsync(new() { MaxSyncing = 1 });
        Open();
        Open();
        await HearAsync(await AskAsync("a"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var call in _calls)
        {
            call.Dispose();
        }

        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }
    }

    private async Task StartAsync(OverloadSettings overload)
    {
        _fixture = await XdsServerFixture.StartAsync(new() { Overload = overload }, _time);
        _fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "c", "1")]));
    }

    private Call Open()
    {
        var call = _fixture!.Sotw();
        _calls.Add(call);
        return call;
    }

    private async Task<Call> AskAsync(string node)
    {
        var call = Open();
        try
        {
            await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node(node), TypeUrl = TypeUrl.Cluster }, Test);
        }
        catch (RpcException)
        {
            // Refused before it had asked; reading says why.
        }

        return call;
    }

    private static async Task HearAsync(Call call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(TypeUrl.Cluster, call.ResponseStream.Current.TypeUrl);
    }

    private static async Task<Status> FailsAsync(Call call) =>
        (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Test))).Status;

    private async Task WaitingAsync(int count)
    {
        while (Admission.Waiting != count)
        {
            Test.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
