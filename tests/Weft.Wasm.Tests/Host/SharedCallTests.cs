using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class SharedCallTests
{
    private readonly GuestModule _guest = new();

    [Fact]
    public void A_value_is_written_once_for_each_number()
    {
        var (key, first, second) = (_guest.Text("k"), _guest.Text("one"), _guest.Text("two"));
        var get = _guest.Say("proxy_get_shared_data", key, Out, OutNumber);
        _guest.OnRequest(get + _guest.Say("proxy_set_shared_data", key, first, "(i32.const 0)") + get + SayOut
            + _guest.Say("proxy_set_shared_data", key, second, "(i32.load (i32.const 24))")
            + _guest.Say("proxy_set_shared_data", key, first, "(i32.load (i32.const 24))") + get + SayOut);
        Assert.Equal(["1", "0", "0", "one", "0", "8", "0", "two"], GuestTests.LogOf(_guest));
    }

    [Fact]
    public void Workers_share_values_and_machines_of_another_id_do_not()
    {
        var key = _guest.Text("k");
        _guest.OnRequest(_guest.Say("proxy_get_shared_data", key, Out, OutNumber)
            + _guest.Say("proxy_set_shared_data", key, key, "(i32.const 0)"));
        using var plugin = GuestTests.Run(_guest, settings: new() { Workers = 2 });
        plugin.Workers[0].Request();
        plugin.Workers[1].Request();
        using var engine = new PluginEngine();
        using var module = PluginModule.LoadText(engine, "m", _guest.ToString());
        using var other = new PluginVm(module, new TestEnvironment(plugin, 9), new() { VmId = "other" });
        var stream = other.StartPlugin(new()).OpenHttp(new NoStream());
        stream.OnRequestHeaders(new(), true);
        Assert.Equal(["1", "0", "0", "0", "1", "0"], GuestTests.Lines(plugin));
    }

    [Fact]
    public void Values_take_no_more_than_a_bound()
    {
        _guest.OnRequest($"""
            (local i32 i32)
            (loop $more
              (i32.store (i32.const 32) (local.get 3))
              (local.set 3 (i32.add (local.get 3) (i32.const 1)))
              (local.set 4 {_guest.Call("proxy_set_shared_data", "(i32.const 32) (i32.const 4) (i32.const 0) (i32.const 65536) (i32.const 0)")})
              (br_if $more (i32.and (i32.eqz (local.get 4)) (i32.lt_u (local.get 3) (i32.const 5000)))))
            (call $number (local.get 4)) (call $number (i32.lt_u (local.get 3) (i32.const 300)))
            """);
        Assert.Equal(["10", "1"], GuestTests.LogOf(_guest));
    }

    [Fact]
    public void A_queue_wakes_the_worker_that_registered_it()
    {
        var name = _guest.Text("q");
        _guest.On("proxy_on_configure", 2, _guest.Say("proxy_register_shared_queue", name, OutNumber), "(i32.const 1)")
            .OnRequest(_guest.Say("proxy_resolve_shared_queue", _guest.Text(""), name, OutNumber)
                + _guest.Say("proxy_enqueue_shared_queue", "(i32.load (i32.const 24))", _guest.Text("item"))
                + _guest.Say("proxy_enqueue_shared_queue", "(i32.const 99)", name)
                + _guest.Say("proxy_resolve_shared_queue", _guest.Text("x"), name, OutNumber))
            .On("proxy_on_queue_ready", 2, _guest.Say("proxy_dequeue_shared_queue", "(local.get 1)", Out) + SayOut
                + _guest.Say("proxy_dequeue_shared_queue", "(local.get 1)", Out));
        using var plugin = GuestTests.Run(_guest, settings: new() { Workers = 2 });
        plugin.Workers[0].Request();
        Assert.Equal(["0", "0", "0", "0", "1", "1", "0", "item", "7"], GuestTests.Lines(plugin));
        Assert.Equal([1, 1, 1], plugin.Logs.TakeLast(3).Select(l => l.Worker));
    }

    [Fact]
    public void Metrics_count_for_all_workers_and_by_their_kinds()
    {
        var name = _guest.Text("c");
        _guest.OnRequest(
            _guest.Say("proxy_define_metric", "(i32.const 0)", name, OutNumber) + SayOutNumber
            + _guest.Say("proxy_increment_metric", "(i32.const 4) (i64.const 2)")
            + _guest.Say("proxy_increment_metric", "(i32.const 4) (i64.const -2)")
            + _guest.Say("proxy_record_metric", "(i32.const 4) (i64.const 5)")
            + _guest.Say("proxy_get_metric", "(i32.const 4)", OutNumber) + SayOutNumber
            + _guest.Say("proxy_define_metric", "(i32.const 1)", _guest.Text("g"), OutNumber) + SayOutNumber
            + _guest.Say("proxy_record_metric", "(i32.const 5) (i64.const 9)")
            + _guest.Say("proxy_increment_metric", "(i32.const 5) (i64.const -2)")
            + _guest.Say("proxy_define_metric", "(i32.const 2)", _guest.Text("h"), OutNumber) + SayOutNumber
            + _guest.Say("proxy_record_metric", "(i32.const 6) (i64.const 3)")
            + _guest.Say("proxy_increment_metric", "(i32.const 6) (i64.const 3)")
            + _guest.Say("proxy_get_metric", "(i32.const 6)", OutNumber)
            + _guest.Say("proxy_get_metric", "(i32.const 400)", OutNumber)
            + _guest.Say("proxy_define_metric", "(i32.const 3)", name, OutNumber));
        using var plugin = GuestTests.Run(_guest, settings: new() { Workers = 2 });
        plugin.Workers[0].Request();
        Assert.Equal(
            ["0", "4", "0", "2", "0", "0", "7", "0", "5", "0", "0", "0", "6", "0", "2", "2", "1", "2"],
            GuestTests.Lines(plugin));
        plugin.Workers[1].Request();
        Assert.Equal((14ul, 7ul, 2L), (plugin.Metrics["c"]!.Value, plugin.Metrics["g"]!.Value, plugin.Metrics["h"]!.Count));
    }
}
