using System.Text;
using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class OutsideCallTests
{
    private readonly GuestModule _guest = new();

    [Fact]
    public void A_call_holds_the_request_until_it_is_answered()
    {
        _guest.OnRequest(HttpCall("auth", 500) + SayOutNumber, "(i32.const 1)")
            .On("proxy_on_http_call_response", 5,
                _guest.Say("proxy_get_header_map_value", "(i32.const 6)", _guest.Text(":status"), Out) + SayOut
                + _guest.Say("proxy_get_buffer_bytes", "(i32.const 4) (i32.const 0) (i32.const 99)", Out) + SayOut
                + _guest.Say("proxy_set_effective_context", "(i32.const 2)")
                + _guest.Say("proxy_continue_stream", "(i32.const 0)") + _guest.Note("end"));
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Request();
        Assert.True(request.IsHeld);
        var call = Assert.Single(plugin.Calls);
        Assert.Equal(("auth", "/check", "body", "4", TimeSpan.FromMilliseconds(500)),
            (call.Cluster, call.Headers[":path"], call.Body, call.Headers["content-length"], call.Timeout));
        call.Respond(200, "fine");
        Assert.False(request.IsHeld);
        Assert.Equal(["0", "4", "0", "200", "0", "fine", "0", "0", "end"], GuestTests.Lines(plugin));
        call.Respond(500);
        Assert.Equal(9, plugin.Logs.Count);
    }

    [Fact]
    public void A_call_that_is_not_answered_in_time_gets_504_and_a_broken_one_nothing()
    {
        _guest.OnRequest(HttpCall("auth", 500)).On("proxy_on_http_call_response", 5,
            "(call $number (local.get 2))" + _guest.Say("proxy_get_status", OutNumber, Out) + SayOutNumber + SayOut
            + _guest.Say("proxy_get_header_map_value", "(i32.const 6)", _guest.Text(":status"), Out) + SayOut);
        using var plugin = GuestTests.Run(_guest);
        plugin.Request();
        plugin.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(["0"], GuestTests.Lines(plugin));
        plugin.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["0", "2", "0", "0", "", "0", "504"], GuestTests.Lines(plugin));
        plugin.Request();
        plugin.Calls[1].Fail();
        Assert.Equal(["0", "0", "0", "11", "reset", "2"], GuestTests.Lines(plugin)[7..13]);
    }

    [Fact]
    public void A_call_needs_a_cluster_and_three_headers()
    {
        _guest.OnRequest(HttpCall("auth", 0) + HttpCall("other", 0) + HttpCall("auth", -1)
            + _guest.Say("proxy_http_call", _guest.Text("auth"), _guest.Pairs((":path", "/")), _guest.Text(""),
                _guest.Text(""), "(i32.const 0)", OutNumber));
        using var plugin = GuestTests.Run(_guest, settings: new() { Clusters = ["auth"] });
        plugin.Request();
        Assert.Equal(["0", "2", "2", "2"], GuestTests.Lines(plugin));
        Assert.Null(Assert.Single(plugin.Calls).Timeout);
    }

    [Fact]
    public void An_answer_that_comes_within_the_callback_is_taken_after_it()
    {
        _guest.OnRequest(HttpCall("auth", 0) + _guest.Note("end"))
            .On("proxy_on_http_call_response", 5, _guest.Note("answer"));
        using var engine = new PluginEngine();
        using var module = PluginModule.LoadText(engine, "m", _guest.ToString());
        using var plugin = GuestTests.Run(_guest);
        using var vm = new PluginVm(module, new AnsweringEnvironment(plugin));
        vm.StartPlugin(new()).OpenHttp(new NoStream()).OnRequestHeaders(new(), true);
        Assert.Equal(["0", "end", "answer"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void A_grpc_call_ends_with_its_message_or_a_status()
    {
        _guest.OnRequest(Grpc("proxy_grpc_call", _guest.Text("ask"), "(i32.const 300)")).On(
                "proxy_on_grpc_receive", 3, "(call $number (local.get 2))"
                    + _guest.Say("proxy_get_buffer_bytes", "(i32.const 5) (i32.const 0) (i32.const 99)", Out) + SayOut)
            .On("proxy_on_grpc_close", 3, "(call $number (local.get 2))" + _guest.Say("proxy_get_status", OutNumber, Out)
                + SayOutNumber + SayOut);
        using var plugin = GuestTests.Run(_guest);
        plugin.Request();
        plugin.Request();
        var call = plugin.GrpcCalls[0];
        Assert.Equal(("svc", "do", "ask", "1"), (
            call.Service, call.Method, Encoding.UTF8.GetString(call.Message.Span), call.InitialMetadata["x-a"]));
        call.Receive("told"u8.ToArray());
        call.Close(0);
        plugin.GrpcCalls[1].Close(14, "down");
        Assert.Equal(["0", "0", "4", "0", "told", "14", "0", "14", "down"], GuestTests.Lines(plugin));
        Assert.Empty(plugin.Workers[0].Plugin.PendingGrpcCalls);
    }

    [Fact]
    public void A_grpc_stream_goes_both_ways_until_both_have_closed()
    {
        var token = "(i32.load (i32.const 24))";
        _guest.OnRequest(Grpc("proxy_grpc_stream") + SayOutNumber
                + _guest.Say("proxy_grpc_send", token, _guest.Text("one"), "(i32.const 0)")
                + _guest.Say("proxy_grpc_send", "(i32.const 5)", _guest.Text("x"), "(i32.const 0)")
                + _guest.Say("proxy_grpc_send", "(i32.const 90)", _guest.Text("x"), "(i32.const 0)"))
            .On("proxy_on_grpc_receive_initial_metadata", 3, "(call $number (local.get 2))"
                + _guest.Say("proxy_get_header_map_value", "(i32.const 4)", _guest.Text("a"), Out) + SayOut)
            .On("proxy_on_grpc_receive", 3, "(call $number (local.get 2))")
            .On("proxy_on_grpc_receive_trailing_metadata", 3, "(call $number (local.get 2))")
            .On("proxy_on_grpc_close", 3, "(call $number (local.get 2))" + _guest.Say("proxy_grpc_close", "(local.get 1)")
                + _guest.Say("proxy_grpc_close", "(local.get 1)") + _guest.Say("proxy_grpc_cancel", "(i32.const 4)"));
        using var plugin = GuestTests.Run(_guest);
        plugin.Request();
        var stream = Assert.Single(plugin.GrpcCalls);
        stream.ReceiveInitialMetadata(Map(("a", "b")));
        stream.Receive("xyz"u8.ToArray());
        stream.Receive("xy"u8.ToArray());
        stream.ReceiveTrailingMetadata(Map());
        stream.Close(3);
        Assert.Equal(
            ["0", "6", "0", "2", "1", "1", "0", "b", "3", "2", "0", "3", "0", "1", "2"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void Time_is_the_environments_and_ticks_come_until_they_are_switched_off()
    {
        _guest.On("proxy_on_configure", 2, _guest.Say("proxy_get_current_time_nanoseconds", OutNumber)
                + "(call $number (i32.wrap_i64 (i64.div_u (i64.load (i32.const 24)) (i64.const 1000000000))))"
                + _guest.Say("proxy_set_tick_period_milliseconds", "(i32.const 100)"), "(i32.const 1)")
            .On("proxy_on_tick", 1, _guest.Note("tick"))
            .OnRequest(_guest.Say("proxy_set_tick_period_milliseconds", "(i32.const 0)"));
        using var plugin = GuestTests.Run(_guest);
        plugin.Advance(TimeSpan.FromMilliseconds(250));
        plugin.Request();
        plugin.Advance(TimeSpan.FromSeconds(5));
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal(["0", $"{now}", "0", "tick", "tick", "0"], GuestTests.Lines(plugin));
    }

    private static HeaderMap Map(params (string, string)[] headers) => TestRequest.Map(headers);

    private string HttpCall(string cluster, int timeout) => _guest.Say(
        "proxy_http_call", _guest.Text(cluster), _guest.Pairs((":method", "GET"), (":path", "/check"), (":authority", "a")),
        _guest.Text("body"), _guest.Pairs(), $"(i32.const {timeout})", OutNumber);

    private string Grpc(string function, params string[] rest) => _guest.Say(
        function,
        [_guest.Text("cluster"), _guest.Text("svc"), _guest.Text("do"), _guest.Pairs(("x-a", "1")), .. rest, OutNumber]);
}
