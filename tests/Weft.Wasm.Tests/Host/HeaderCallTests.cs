using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class HeaderCallTests
{
    private const string Request = "(i32.const 0)";
    private readonly GuestModule _guest = new();

    [Fact]
    public void The_first_of_several_values_is_read_in_any_case_of_the_name()
    {
        _guest.OnRequest(
            _guest.Say("proxy_get_header_map_value", Request, _guest.Text("X-User"), Out) + SayOut
            + _guest.Say("proxy_get_header_map_value", Request, _guest.Text("x-none"), Out));
        Assert.Equal(["0", "first", "1"], GuestTests.LogOf(_guest, ("x-user", "first"), ("X-USER", "second")));
    }

    [Fact]
    public void An_empty_value_is_there_and_costs_no_memory()
    {
        _guest.OnRequest(
            _guest.Say("proxy_get_header_map_value", Request, _guest.Text("x-empty"), Out)
            + "(call $number (i32.load (i32.const 16))) (call $number (global.get $heap))");
        Assert.Equal(["0", "0", "65536"], GuestTests.LogOf(_guest, ("x-empty", "")));
    }

    [Fact]
    public void Headers_are_added_replaced_and_removed()
    {
        _guest.OnRequest(
            _guest.Say("proxy_add_header_map_value", Request, _guest.Text("X-Added"), _guest.Text("1"))
            + _guest.Say("proxy_replace_header_map_value", Request, _guest.Text("x-user"), _guest.Text("other"))
            + _guest.Say("proxy_remove_header_map_value", Request, _guest.Text("x-gone")));
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Request(("x-user", "7"), ("x-gone", "a"), ("x-gone", "b"));
        Assert.Equal(["0", "0", "0"], GuestTests.Lines(plugin));
        Assert.Equal(("1", "other", null), (request.Headers["x-added"], request.Headers["x-user"], request.Headers["x-gone"]));
        Assert.Equal(3, request.RouteCacheClears);
    }

    [Fact]
    public void All_pairs_are_read_and_set()
    {
        _guest.OnRequest(
            _guest.Say("proxy_get_header_map_pairs", Request, Out) + "(call $number (i32.load (i32.load (i32.const 16))))"
            + _guest.Say("proxy_get_header_map_size", Request, OutNumber) + SayOutNumber
            + _guest.Say("proxy_set_header_map_pairs", Request, _guest.Pairs((":path", "/new"), ("x-a", "1"))));
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Request(("x-user", "7"));
        Assert.Equal(["0", "5", "0", "48", "0"], GuestTests.Lines(plugin));
        Assert.Equal((2, "/new", "1"), (request.Headers.Count, request.Headers[":path"], request.Headers["x-a"]));
    }

    [Fact]
    public void Pairs_that_are_not_well_formed_are_none()
    {
        _guest.OnRequest(_guest.Say("proxy_set_header_map_pairs", Request, _guest.Text("\x02\0\0\0bad")));
        using var plugin = GuestTests.Run(_guest);
        Assert.Equal(0, plugin.Request(("x-user", "7")).Headers.Count);
    }

    [Theory]
    [InlineData(1, "2")]
    [InlineData(2, "2")]
    [InlineData(6, "2")]
    [InlineData(8, "2")]
    [InlineData(-1, "2")]
    public void A_map_that_is_not_here_now_is_a_bad_argument(int map, string status)
    {
        var key = _guest.Text("x-user");
        _guest.OnRequest(
            _guest.Say("proxy_get_header_map_value", $"(i32.const {map})", key, Out)
            + _guest.Say("proxy_add_header_map_value", $"(i32.const {map})", key, key)
            + _guest.Say("proxy_get_header_map_size", $"(i32.const {map})", OutNumber));
        Assert.Equal([status, "2", "2"], GuestTests.LogOf(_guest));
    }

    [Fact]
    public void The_requests_headers_are_gone_in_the_response_and_back_in_the_log()
    {
        var get = _guest.Say("proxy_get_header_map_value", Request, _guest.Text("x-user"), Out);
        _guest.On("proxy_on_response_headers", 3, get, "(i32.const 0)").On("proxy_on_log", 1, get + SayOut
            + _guest.Say("proxy_add_header_map_value", Request, _guest.Text("a"), _guest.Text("b"))
            + _guest.Say("proxy_get_header_map_value", "(i32.const 1)", _guest.Text("a"), Out));
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Request(("x-user", "7"));
        request.Respond(200);
        request.End();
        Assert.Equal(["2", "0", "7", "2", "1"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void Version_0_1_0_knows_no_absent_headers()
    {
        var guest = new GuestModule("0_1_0");
        guest.OnRequest(guest.Say("proxy_get_header_map_value", Request, guest.Text("x-none"), Out)
            + "(call $number (i32.load (i32.const 20)))");
        Assert.Equal(["0", "0"], GuestTests.LogOf(guest));
    }

    [Fact]
    public void Trailers_can_be_begun_at_the_end_of_a_body()
    {
        _guest.On("proxy_on_request_body", 3, _guest.Say(
            "proxy_add_header_map_value", "(i32.const 1)", _guest.Text("x-sum"), _guest.Text("42")), "(i32.const 0)");
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Begin().Send("a").Send("b", endOfStream: true);
        Assert.Equal(["2", "0"], GuestTests.Lines(plugin));
        Assert.Equal("42", request.Trailers!["x-sum"]);
    }
}
