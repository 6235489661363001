using System.Text;
using Weft.Wasm.Host;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class StreamCallTests
{
    private readonly GuestModule _guest = new();

    [Fact]
    public void A_local_response_ends_the_request_whatever_the_callback_returns()
    {
        _guest.OnRequest(Answer(403, "denied", 7) + _guest.Note("after"));
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Request();
        var response = request.LocalResponse!;
        Assert.Equal(StreamAction.Stop, request.Action);
        Assert.Equal((403, "why_so", "denied", "yes", 7), (
            response.Status, response.Details, Encoding.UTF8.GetString(response.Body.Span), response.Headers["x-own"],
            response.GrpcStatus));
        Assert.Equal("denied", request.Response!.Body);
        Assert.Equal(["0", "after"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void The_plugin_sees_its_own_response_after_the_callback()
    {
        _guest.OnRequest(Answer(401, "no", -1) + _guest.Note("end of request"))
            .On("proxy_on_response_headers", 3, _guest.Note("response"), "(i32.const 0)");
        using var plugin = GuestTests.Run(_guest);
        Assert.Null(plugin.Request().LocalResponse!.GrpcStatus);
        Assert.Equal(["0", "end of request", "response"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void A_stream_is_closed_after_the_callback()
    {
        _guest.OnRequest(_guest.Say("proxy_close_stream", "(i32.const 0)")
            + _guest.Say("proxy_close_stream", "(i32.const 4)") + _guest.Say("proxy_continue_stream", "(i32.const 3)")
            + _guest.Say("proxy_continue_stream", "(i32.const 9)"));
        using var plugin = GuestTests.Run(_guest);
        Assert.True(plugin.Request().IsReset);
        Assert.Equal(["0", "2", "12", "2"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void Version_0_1_0_continues_and_clears_routes_by_calls_of_its_own()
    {
        var guest = new GuestModule("0_1_0");
        guest.OnRequest(
            guest.Say("proxy_clear_route_cache") + guest.Say("proxy_continue_request") + guest.Say("proxy_continue_response"),
            "(i32.const 1)");
        using var plugin = GuestTests.Run(guest);
        var request = plugin.Request();
        Assert.Equal(["0", "0", "0"], GuestTests.Lines(plugin));
        Assert.Equal((1, false), (request.RouteCacheClears, request.IsHeld));
    }

    [Fact]
    public void A_foreign_function_is_found_by_its_name()
    {
        var functions = new ForeignFunctions().With("echo", (_, arguments, result) =>
        {
            arguments.CopyTo(result.GetSpan(arguments.Length));
            result.Advance(arguments.Length);
            return AbiStatus.Ok;
        });
        _guest.OnRequest(
            _guest.Say("proxy_call_foreign_function", _guest.Text("clear_route_cache"), _guest.Text(""), Out)
            + _guest.Say("proxy_call_foreign_function", _guest.Text("echo"), _guest.Text("hello"), Out) + SayOut
            + _guest.Say("proxy_call_foreign_function", _guest.Text("echo"), _guest.Text("hello"), "(i32.const 0) (i32.const 0)")
            + _guest.Say("proxy_call_foreign_function", _guest.Text("nothing"), _guest.Text(""), Out));
        using var plugin = GuestTests.Run(_guest, settings: new() { ForeignFunctions = functions });
        Assert.Equal(1, plugin.Request().RouteCacheClears);
        Assert.Equal(["0", "0", "hello", "0", "1"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void The_host_calls_the_plugin_by_a_number()
    {
        _guest.On("proxy_on_foreign_function", 3, "(call $number (local.get 1)) (call $number (local.get 2))"
            + _guest.Say("proxy_get_buffer_bytes", "(i32.const 8) (i32.const 0) (i32.const 99)", Out) + SayOut);
        using var plugin = GuestTests.Run(_guest);
        plugin.Workers[0].CallForeignFunction(5, "arguments"u8.ToArray());
        Assert.Equal(["5", "9", "0", "arguments"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void A_tcp_connection_is_held_changed_and_closed()
    {
        _guest.On("proxy_on_new_connection", 1, _guest.Note("new"), "(i32.const 0)")
            .On("proxy_on_downstream_data", 3, $"""
                (call $number (local.get 1))
                (if (i32.lt_u (local.get 1) (i32.const 4)) (then (return (i32.const 1))))
                {_guest.Say("proxy_set_buffer_bytes", "(i32.const 2) (i32.const 0) (i32.const 99)", _guest.Text("changed"))}
                """, "(i32.const 0)")
            .On("proxy_on_upstream_data", 3, _guest.Say("proxy_close_stream", "(i32.const 2)"), "(i32.const 0)")
            .On("proxy_on_downstream_connection_close", 2, "(call $number (local.get 1))")
            .On("proxy_on_done", 1, _guest.Note("done"), "(i32.const 1)").On("proxy_on_log", 1, _guest.Note("log"))
            .On("proxy_on_delete", 1, _guest.Note("delete"));
        using (var plugin = GuestTests.Run(_guest))
        {
            var connection = plugin.Connect().FromClient("ab");
            Assert.Equal("", connection.ToServer);
            connection.FromClient("cd").FromServer("ef");
            Assert.Equal(("changed", "ef", true), (connection.ToServer, connection.ToClient, connection.IsClosed));
            connection.Close();
            Assert.Equal(["new", "2", "4", "0", "0", "2", "done", "log", "delete"], GuestTests.Lines(plugin));
        }
    }

    private string Answer(int status, string body, int grpc) => _guest.Say(
        "proxy_send_local_response", $"(i32.const {status})", _guest.Text("why so"), _guest.Text(body),
        _guest.Pairs(("x-own", "yes")), $"(i32.const {grpc})");
}
