using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class FailureTests
{
    private readonly GuestModule _guest = new();

    [Fact]
    public void A_trap_answers_503_and_the_log_has_the_functions()
    {
        _guest.Add("(func $Plugin.Broken (unreachable))").OnRequest("(call $Plugin.Broken)")
            .On("proxy_on_log", 1, _guest.Note("log")).On("proxy_on_delete", 1, _guest.Note("delete"));
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Request();
        Assert.Equal((503, "wasm_fail_stream"), (request.LocalResponse!.Status, request.LocalResponse.Details));
        var line = Assert.Single(plugin.Logs);
        Assert.Equal(PluginLogLevel.Critical, line.Level);
        Assert.StartsWith("Function: proxy_on_request_headers failed: unreachable", line.Message, StringComparison.Ordinal);
        Assert.Matches(@"0:  0x[0-9a-f]+ - Plugin\.Broken\n  1:  0x[0-9a-f]+ - on_proxy_on_request_headers", line.Message);
        Assert.Equal(503, plugin.Request().Response!.Status);
        request.End();
        Assert.Single(plugin.Logs);
    }

    [Fact]
    public void An_endless_loop_ends_at_the_deadline()
    {
        _guest.OnRequest("(loop $ever (br $ever))");
        using var plugin = GuestTests.Run(
            _guest, settings: new() { Vm = new() { Deadline = TimeSpan.FromMilliseconds(30) } });
        Assert.Equal(503, plugin.Request().Response!.Status);
        Assert.Contains("took longer than the deadline", plugin.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_without_end_is_refused_at_the_deadline()
    {
        _guest.Add("(func (export \"_initialize\") (loop $ever (br $ever)))");
        var settings = new PluginTestSettings { Vm = new() { Deadline = TimeSpan.FromMilliseconds(30) } };
        Assert.Equal(PluginRule.Start, Assert.Throws<PluginException>(() => GuestTests.Run(_guest, settings: settings)).Rule);
    }

    [Fact]
    public void Deep_recursion_is_a_trap()
    {
        _guest.Add("(func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))")
            .OnRequest("(drop (call $deep (i32.const 0)))");
        using var plugin = GuestTests.Run(_guest);
        Assert.Equal(503, plugin.Request().Response!.Status);
        Assert.Contains("call stack exhausted", plugin.Failure, StringComparison.Ordinal);
        Assert.True(plugin.Failure!.Split('\n').Length <= 22);
    }

    [Fact]
    public void Memory_grows_to_the_limit_and_no_further()
    {
        _guest.OnRequest("""
            (call $number (i32.add (memory.grow (i32.const 4)) (i32.const 1)))
            (call $number (i32.add (memory.grow (i32.const 1000)) (i32.const 1)))
            (call $number (memory.size))
            """);
        using var plugin = GuestTests.Run(_guest, settings: new() { Vm = new() { MemoryLimit = 1 << 20 } });
        plugin.Request();
        Assert.Equal(["5", "0", "8"], GuestTests.Lines(plugin));
        Assert.Equal(8 * 65536, plugin.Workers[0].Plugin.Vm.MemorySize);
    }

    [Fact]
    public void A_module_that_begins_with_more_memory_than_it_may_have_is_refused()
    {
        var guest = new GuestModule { Memory = "(memory (export \"memory\") 20000)" };
        Assert.Equal(PluginRule.Memory, Assert.Throws<PluginException>(() => GuestTests.Run(guest)).Rule);
    }

    [Fact]
    public void What_lies_in_memory_that_has_just_grown_can_be_given()
    {
        _guest.OnRequest($"""
            (drop (memory.grow (i32.const 2)))
            (i32.store8 (i32.const 300000) (i32.const 65))
            (call $say (i32.const 300000) (i32.const 1))
            {_guest.Say("proxy_get_header_map_value", "(i32.const 0)", _guest.Text("x-user"), "(i32.const 390000) (i32.const 390004)")}
            """);
        Assert.Equal(["A", "0"], GuestTests.LogOf(_guest, ("x-user", "7")));
    }

    [Fact]
    public void An_allocator_that_gives_nothing_fails_the_call_alone()
    {
        var guest = new GuestModule { Allocator = """(func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 0))""" };
        guest.OnRequest(guest.Say("proxy_get_header_map_value", "(i32.const 0)", guest.Text("x-user"), Out)
            + guest.Say("proxy_get_header_map_pairs", "(i32.const 0)", Out));
        Assert.Equal(["6", "6"], GuestTests.LogOf(guest, ("x-user", "7")));
    }

    [Fact]
    public void Malloc_goes_before_the_allocator_of_the_specification()
    {
        _guest.Add("""(func (export "proxy_on_memory_allocate") (param i32) (result i32) (unreachable))""")
            .OnRequest(_guest.Say("proxy_get_header_map_value", "(i32.const 0)", _guest.Text("x-user"), Out) + SayOut);
        Assert.Equal(["0", "7"], GuestTests.LogOf(_guest, ("x-user", "7")));
    }

    [Theory]
    [InlineData("(i32.const -8)", "6")]
    [InlineData("(unreachable)", null)]
    [InlineData("(loop $ever (br $ever)) (i32.const 0)", null)]
    [InlineData("(drop (call $proxy_get_header_map_value (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))) (i32.const 0)", null)]
    [InlineData("(call $proxy_log (i32.const 2) (i32.const 0) (i32.const 0))", "6")]
    public void An_allocator_may_do_what_it_wants(string body, string? status)
    {
        var guest = new GuestModule { Allocator = $"""(func $bad (export "malloc") (param i32) (result i32) {body})""" };
        guest.OnRequest(guest.Say("proxy_get_header_map_value", "(i32.const 0)", guest.Text("x-user"), Out));
        using var plugin = GuestTests.Run(guest, settings: new()
        {
            Vm = body.StartsWith("(loop", StringComparison.Ordinal) ? new() { Deadline = TimeSpan.FromMilliseconds(30) } : new(),
        });
        plugin.Request(("x-user", "7"));
        Assert.Equal(status is null, plugin.Failure is not null);
        if (status is not null)
        {
            Assert.Equal(status, GuestTests.Lines(plugin)[^1]);
        }
    }

    [Fact]
    public void Proc_exit_is_logged_and_returns()
    {
        _guest.OnRequest($"{_guest.Call("proc_exit", "(i32.const 3)")} {_guest.Note("after")}");
        Assert.Equal(["wasi proc_exit(3)", "after"], GuestTests.LogOf(_guest));
    }

    [Fact]
    public void Fail_open_lets_streams_pass_also_the_one_that_failed()
    {
        _guest.OnRequest("(unreachable)");
        using var plugin = GuestTests.Run(_guest, settings: Policy(FailurePolicy.FailOpen));
        var request = plugin.Begin(("x-user", "7"));
        Assert.Equal((StreamAction.Continue, null), (request.Action, request.LocalResponse));
        Assert.Equal("body", request.Send("body", endOfStream: true).Body);
        Assert.Equal("body", plugin.Begin().Send("body", endOfStream: true).Body);
        Assert.Equal(200, request.Respond(200).Status);
    }

    [Fact]
    public void Fail_reload_builds_the_machine_anew_but_not_at_once()
    {
        _guest.OnRequest("""
            (if (i32.eq (global.get $count) (i32.const 1)) (then (unreachable)))
            (global.set $count (i32.add (global.get $count) (i32.const 1)))
            """).Add("(global $count (mut i32) (i32.const 0))");
        using var plugin = GuestTests.Run(_guest, settings: Policy(FailurePolicy.FailReload));
        Assert.Null(plugin.Request().Response);
        Assert.Equal(503, plugin.Request().Response!.Status);
        Assert.Equal(503, plugin.Request().Response!.Status);
        plugin.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(plugin.Request().Response);
        Assert.Equal(1, plugin.Workers[0].Reloads);
    }

    [Fact]
    public void A_failed_tcp_plugin_closes_connections()
    {
        _guest.On("proxy_on_downstream_data", 3, "(unreachable)", "(i32.const 0)");
        using var plugin = GuestTests.Run(_guest);
        var connection = plugin.Connect().FromClient("a");
        Assert.Equal(("", true, true), (connection.ToServer, connection.IsClosed, plugin.Connect().IsClosed));
    }

    [Fact]
    public void Addresses_of_any_kind_never_crash_the_host()
    {
        // Each function of the ABI with numbers that lie at the edges of what there is.
        int[] edges = [0, 1, 4, -1, -4, int.MaxValue, int.MinValue, 4 * 65536, 4 * 65536 - 4, 65536, 7];
        foreach (var function in ProxyFunctions.All.Concat(WasiFunctions.All).Where(f => f.Versions is not [AbiVersion.V010]))
        {
            var kinds = function.Type.Text.Split(" -> ")[0].Split("i", StringSplitOptions.RemoveEmptyEntries)
                .Where(k => char.IsDigit(k[0])).Select(k => k.StartsWith("64", StringComparison.Ordinal)).ToList();
            var guest = new GuestModule();
            var dice = new Random(function.Name.Length);
            var calls = Enumerable.Range(0, 40).Select(_ => guest.Call(function.Name, [.. kinds.Select(
                is64 => $"(i{(is64 ? 64 : 32)}.const {edges[dice.Next(edges.Length)]})")]));
            var drops = function.Type.Text.EndsWith("()", StringComparison.Ordinal) ? calls : calls.Select(c => $"(drop {c})");
            guest.OnRequest(string.Concat(drops));
            using var plugin = GuestTests.Run(guest);
            plugin.Request(("x-user", "7"));
            Assert.True(plugin.Failure is null, $"{function.Name}: {plugin.Failure}");
        }
    }

    private static PluginTestSettings Policy(FailurePolicy policy) => new() { Plugin = new() { FailurePolicy = policy } };
}
