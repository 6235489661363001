using System.Buffers;
using Weft.Wasm.Host;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class ReentryTests
{
    [Fact]
    public void A_proxy_that_calls_back_from_within_a_call_fails_the_machine_and_nothing_else()
    {
        var guest = new GuestModule();
        var clear = guest.Call("proxy_call_foreign_function", guest.Text("clear_route_cache"), guest.Text(""), Out);
        guest.On("proxy_on_response_headers", 3, "", "(i32.const 0)").OnRequest($"(drop {clear})");
        using var plugin = GuestTests.Run(guest);
        var proxy = new CallingBack();
        proxy.Stream = plugin.Workers[0].Plugin.OpenHttp(proxy);
        Assert.Equal(StreamAction.Stop, proxy.Stream.OnRequestHeaders(new(), true));
        Assert.Equal(503, proxy.Response!.Status);
        Assert.Contains("A callback runs in the machine", plugin.Failure, StringComparison.Ordinal);
        using var other = GuestTests.Run(new());
        Assert.Null(other.Request().Response);
    }

    [Fact]
    public void A_machine_that_is_gone_answers_like_one_that_has_failed()
    {
        using var plugin = GuestTests.Run(new GuestModule().OnRequest(""));
        var proxy = new NoStream();
        var stream = plugin.Workers[0].Plugin.OpenHttp(proxy);
        plugin.Workers[0].Dispose();
        Assert.Equal(StreamAction.Stop, stream.OnRequestHeaders(new(), true));
        Assert.Equal(503, proxy.Response!.Status);
        stream.OnDestroy();
    }

    private sealed class CallingBack : IStreamHost
    {
        public HttpExchange? Stream { get; set; }

        public LocalResponse? Response { get; private set; }

        public void Continue(StreamKind stream)
        {
        }

        public void Close(StreamKind stream)
        {
        }

        public void SendLocalResponse(LocalResponse response) => Response = response;

        public void ClearRouteCache() => Stream!.OnResponseHeaders(new(), true);

        public bool TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) => false;

        public AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) => AbiStatus.NotFound;
    }
}
