using Weft.Wasm.Host;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class BodyCallTests
{
    private const string Body = "(i32.const 0)";
    private const string All = "(i32.const 0) (i32.const 1000)";
    private readonly GuestModule _guest = new();

    [Fact]
    public void A_body_that_is_held_is_seen_whole_and_changed_at_its_end()
    {
        _guest.On("proxy_on_request_body", 3, $"""
            (call $number (local.get 1))
            (if (i32.eqz (local.get 2)) (then (return (i32.const 1))))
            {_guest.Say("proxy_get_buffer_bytes", Body, "(i32.const 1) (i32.const 3)", Out)} {SayOut}
            {_guest.Say("proxy_set_buffer_bytes", Body, "(i32.const 0) (i32.const 0)", _guest.Text("<"))}
            {_guest.Say("proxy_set_buffer_bytes", Body, "(i32.const 7) (i32.const 0)", _guest.Text(">"))}
            {_guest.Say("proxy_set_buffer_bytes", Body, "(i32.const 1) (i32.const 2)", _guest.Text("x"))}
            {_guest.Say("proxy_get_buffer_status", Body, OutNumber, "(i32.const 28)")} {SayOutNumber}
            """, "(i32.const 0)");
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Begin().Send("abc");
        Assert.True(request.IsHeld);
        Assert.Equal("", request.Body);
        request.Send("def", endOfStream: true);
        Assert.Equal(["3", "6", "0", "bcd", "0", "0", "2", "0", "8"], GuestTests.Lines(plugin));
        Assert.Equal("<abcdef>", request.Body);
    }

    [Fact]
    public void A_body_is_replaced()
    {
        _guest.On("proxy_on_response_body", 3, _guest.Say(
            "proxy_set_buffer_bytes", "(i32.const 1)", All, _guest.Text("new")), "(i32.const 0)");
        using var plugin = GuestTests.Run(_guest);
        Assert.Equal("new", plugin.Request().BeginResponse(200).Send("old one", endOfStream: true).Body);
    }

    [Fact]
    public void Parts_that_wait_are_seen_once_and_go_on_together()
    {
        _guest.On("proxy_on_request_body", 3, "(call $number (local.get 1))",
            "(if (result i32) (local.get 2) (then (i32.const 0)) (else (i32.const 2)))");
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Begin().Send("abc").Send("de");
        Assert.Equal(StreamAction.PauseAndWait, request.Action);
        request.Send("f", endOfStream: true);
        Assert.Equal("abcdef", request.Body);
        Assert.Equal(["3", "2", "1"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void A_body_waits_for_headers_that_are_held()
    {
        _guest.OnRequest("", "(i32.const 1)")
            .On("proxy_on_request_body", 3, "(call $number (local.get 1))", "(i32.const 0)")
            .On("proxy_on_tick", 1, _guest.Say("proxy_set_effective_context", "(i32.const 2)")
                + _guest.Say("proxy_continue_stream", "(i32.const 0)"))
            .On("proxy_on_configure", 2, _guest.Say("proxy_set_tick_period_milliseconds", "(i32.const 100)"), "(i32.const 1)");
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Begin().Send("abc", endOfStream: true);
        Assert.Equal(["0"], GuestTests.Lines(plugin));
        plugin.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["0", "0", "0", "3"], GuestTests.Lines(plugin));
        Assert.Equal("abc", request.Body);
    }

    [Fact]
    public void A_buffer_that_is_not_here_is_empty_or_not_found_or_no_buffer()
    {
        _guest.OnRequest(string.Concat(((int[])[0, 1, 2, 4, 5, 6, 7, 8, 9]).Select(
            b => _guest.Say("proxy_get_buffer_bytes", $"(i32.const {b})", All, Out))));
        Assert.Equal(["0", "0", "0", "1", "0", "0", "1", "0", "2"], GuestTests.LogOf(_guest));
    }

    [Fact]
    public void A_range_that_overflows_is_a_bad_argument_and_one_behind_the_end_is_empty()
    {
        _guest.On("proxy_on_request_body", 3,
            _guest.Say("proxy_get_buffer_bytes", Body, "(i32.const -1) (i32.const 2)", Out)
            + _guest.Say("proxy_get_buffer_bytes", Body, "(i32.const 100) (i32.const 2)", Out)
            + "(call $number (i32.load (i32.const 20)))", "(i32.const 0)");
        using var plugin = GuestTests.Run(_guest);
        plugin.Begin().Send("abc", endOfStream: true);
        Assert.Equal(["2", "0", "0"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void Configurations_are_read_while_they_are_given()
    {
        var plugin = _guest.Say("proxy_get_buffer_bytes", "(i32.const 7)", All, Out);
        var vm = _guest.Say("proxy_get_buffer_bytes", "(i32.const 6)", All, Out);
        _guest.On("proxy_on_vm_start", 2, "(call $number (local.get 1))" + vm + SayOut + plugin, "(i32.const 1)")
            .On("proxy_on_configure", 2, "(call $number (local.get 1))" + plugin + SayOut, "(i32.const 1)")
            .OnRequest(plugin);
        using var test = GuestTests.Run(_guest, "of the plugin", new() { Vm = new() { Configuration = "of vm"u8.ToArray() } });
        test.Request();
        Assert.Equal(["5", "0", "of vm", "1", "13", "0", "of the plugin", "1"], GuestTests.Lines(test));
    }

    [Fact]
    public void Version_0_1_0_has_one_call_for_both_configurations()
    {
        var guest = new GuestModule("0_1_0");
        var get = guest.Say("proxy_get_configuration", Out) + SayOut;
        guest.On("proxy_on_vm_start", 2, get, "(i32.const 1)").On("proxy_on_configure", 2, get, "(i32.const 1)");
        using var test = GuestTests.Run(guest, "of the plugin", new() { Vm = new() { Configuration = "of vm"u8.ToArray() } });
        Assert.Equal(["0", "of vm", "0", "of the plugin"], GuestTests.Lines(test));
    }
}
