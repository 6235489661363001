using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class LifecycleTests
{
    private readonly GuestModule _guest = new();

    [Fact]
    public void Contexts_are_made_and_let_go_in_order()
    {
        Tell("proxy_on_context_create", 2).Tell2("proxy_on_vm_start").Tell2("proxy_on_configure");
        using var plugin = Start();
        var request = plugin.Request();
        request.Respond(200);
        request.End();
        request.End();
        plugin.Workers[0].Dispose();
        Assert.Equal(
            [
                "create", "1", "0", "vm_start", "1", "configure", "1", "create", "2", "1", "request", "2", "response", "2",
                "log", "2", "done", "2", "delete", "2", "done", "1", "delete", "1",
            ], GuestTests.Lines(plugin));
    }

    [Fact]
    public void A_plugin_that_is_not_done_goes_when_it_says_so()
    {
        _guest.On("proxy_on_done", 1, _guest.Note("done"), "(i32.const 0)").On("proxy_on_delete", 1, _guest.Note("delete"))
            .On("proxy_on_tick", 1, _guest.Say("proxy_done") + _guest.Say("proxy_done") + _guest.Note("end"))
            .On("proxy_on_configure", 2, _guest.Say("proxy_set_tick_period_milliseconds", "(i32.const 10)")
                + _guest.Say("proxy_done"), "(i32.const 1)");
        using var plugin = GuestTests.Run(_guest);
        var context = plugin.Workers[0].Plugin;
        context.Shutdown();
        Assert.False(context.IsGone);
        plugin.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(context.IsGone);
        Assert.Equal(["0", "1", "done", "0", "1", "end", "delete"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void Plugins_share_a_machine_each_with_its_own_configuration_and_ticks()
    {
        var read = _guest.Say("proxy_get_buffer_bytes", "(i32.const 7) (i32.const 0) (i32.const 99)", Out) + SayOut;
        var name = _guest.Say("proxy_get_property", _guest.Text("plugin_root_id"), Out) + SayOut;
        _guest.On("proxy_on_configure", 2, read + name, "(i32.const 1)").OnRequest("(call $number (local.get 0))" + name);
        using var test = GuestTests.Run(new());
        using var engine = new PluginEngine();
        using var module = PluginModule.LoadText(engine, "m", _guest.ToString());
        using var vm = new PluginVm(module, new TestEnvironment(test, 0));
        var first = vm.StartPlugin(new() { RootId = "a", Configuration = "one"u8.ToArray() });
        var second = vm.StartPlugin(new() { RootId = "b", Configuration = "two"u8.ToArray() });
        second.OpenHttp(new NoStream()).OnRequestHeaders(new(), true);
        first.OpenHttp(new NoStream()).OnRequestHeaders(new(), true);
        Assert.Equal(
            ["0", "one", "0", "a", "0", "two", "0", "b", "3", "0", "b", "4", "0", "a"], GuestTests.Lines(test));
    }

    [Fact]
    public void A_context_that_is_not_there_cannot_be_chosen()
    {
        _guest.OnRequest(_guest.Say("proxy_set_effective_context", "(i32.const 99)")
            + _guest.Say("proxy_set_effective_context", "(i32.const 1)")
            + _guest.Say("proxy_get_header_map_value", "(i32.const 0)", _guest.Text("x-user"), Out));
        Assert.Equal(["2", "0", "2"], GuestTests.LogOf(_guest, ("x-user", "7")));
    }

    [Fact]
    public void Properties_of_headers_come_and_go_with_them_and_others_stay()
    {
        var path = _guest.Say("proxy_get_property", _guest.Text("request\0path"), Out) + SayOut;
        _guest.OnRequest(path + _guest.Say("proxy_get_property", _guest.Text("request\0headers\0x-user"), Out) + SayOut
                + _guest.Say("proxy_get_property", _guest.Text("request\0url_path"), Out) + SayOut
                + _guest.Say("proxy_get_property", _guest.Text("request\0query"), Out) + SayOut
                + _guest.Say("proxy_set_property", _guest.Text("mine"), _guest.Text("kept")))
            .On("proxy_on_response_headers", 3, _guest.Say("proxy_get_property", _guest.Text("request\0path"), Out)
                + _guest.Say("proxy_get_property", _guest.Text("response\0code"), Out)
                + "(call $number (i32.load (i32.load (i32.const 16)))) (call $number (i32.load (i32.const 20)))"
                + _guest.Say("proxy_get_property", _guest.Text("mine"), Out) + SayOut
                + _guest.Say("proxy_get_property", _guest.Text("nothing"), Out), "(i32.const 0)")
            .On("proxy_on_log", 1, path);
        using var plugin = GuestTests.Run(_guest);
        var request = plugin.Request((":path", "/a?b=c"), ("x-user", "7"), ("x-user", "8"));
        request.Respond(204);
        request.End();
        Assert.Equal(
            [
                "0", "/a?b=c", "0", "7,8", "0", "/a", "0", "b=c", "0", "1", "0", "204", "8", "0", "kept", "1", "0", "/a?b=c",
            ], GuestTests.Lines(plugin));
        Assert.Equal("kept", request.Properties.Text("mine"));
    }

    [Fact]
    public void The_log_level_is_told_and_kept()
    {
        _guest.OnRequest(_guest.Say("proxy_get_log_level", OutNumber)
            + $"(drop (call $proxy_log (i32.add (i32.load (i32.const 24)) (i32.const 1)) {_guest.Text("warn")}))"
            + $"(drop (call $proxy_log (i32.load (i32.const 24)) {_guest.Text("info")}))");
        using var plugin = GuestTests.Run(_guest, settings: new() { LogLevel = PluginLogLevel.Warn });
        plugin.Request();
        Assert.Equal(["error: warn", "warn: info"], plugin.Logs.Select(l => l.ToString()));
    }

    private PluginTest Start()
    {
        Tell("proxy_on_request_headers", 3, "(i32.const 0)").Tell("proxy_on_response_headers", 3, "(i32.const 0)")
            .Tell("proxy_on_done", 1, "(i32.const 1)").Tell("proxy_on_log", 1).Tell("proxy_on_delete", 1);
        return GuestTests.Run(_guest);
    }

    private LifecycleTests Tell2(string callback) => Tell(callback, 2, "(i32.const 1)");

    private LifecycleTests Tell(string callback, int parameters, string result = "")
    {
        var name = callback["proxy_on_".Length..].Replace("context_", "", StringComparison.Ordinal)
            .Replace("_headers", "", StringComparison.Ordinal);
        var parent = name == "create" ? "(call $number (local.get 1))" : "";
        _guest.On(callback, parameters, $"{_guest.Note(name)} (call $number (local.get 0)) {parent}", result);
        return this;
    }
}
