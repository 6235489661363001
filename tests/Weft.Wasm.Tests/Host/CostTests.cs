using Weft.Wasm.Host;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class CostTests
{
    private readonly GuestModule _guest = new();

    [Fact]
    public void Host_calls_cost_no_memory_of_the_host_and_plugins_none_that_grows()
    {
        // The guest's own memory begins anew with each request.
        _guest.OnRequest("(global.set $heap (i32.const 65536))" + string.Concat(((string[])[
            _guest.Call("proxy_get_header_map_value", "(i32.const 0)", _guest.Text("x-user"), Out),
            _guest.Call("proxy_get_header_map_value", "(i32.const 0)", _guest.Text("x-none"), Out),
            _guest.Call("proxy_get_header_map_pairs", "(i32.const 0)", Out),
            _guest.Call("proxy_replace_header_map_value", "(i32.const 0)", _guest.Text(":path"), _guest.Text("/b")),
            _guest.Call("proxy_get_property", _guest.Text("request\0path"), Out),
            _guest.Call("proxy_get_buffer_bytes", "(i32.const 6) (i32.const 0) (i32.const 9)", Out),
            _guest.Call("proxy_get_current_time_nanoseconds", OutNumber),
            _guest.Call("proxy_increment_metric", "(i32.const 4)", "(i64.const 1)"),
        ]).Select(c => $"(drop {c})"))).On(
            "proxy_on_configure", 2,
            _guest.Say("proxy_define_metric", "(i32.const 0)", _guest.Text("m"), OutNumber), "(i32.const 1)");
        using var test = GuestTests.Run(new());
        using var engine = new PluginEngine();
        using var module = PluginModule.LoadText(engine, "m", _guest.ToString());
        using var vm = new PluginVm(module, new AnsweringEnvironment(test));
        var stream = vm.StartPlugin(new()).OpenHttp(new NoStream());
        var headers = new HeaderMap();
        headers.Add(":path", "/a");
        headers.Add("x-user", "7");
        Assert.Equal(StreamAction.Continue, stream.OnRequestHeaders(headers, true));
        var (before, memory) = (GC.GetAllocatedBytesForCurrentThread(), vm.MemorySize);
        for (var i = 0; i < 10_000; i++)
        {
            stream.OnRequestHeaders(headers, true);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal(memory, vm.MemorySize);
        Assert.Equal(10_001ul, test.Metrics["m"]!.Value);
    }

    [Fact]
    public void Streams_leave_nothing_behind()
    {
        using var plugin = GuestTests.Run(_guest.OnRequest(""));
        var context = plugin.Workers[0].Plugin;
        for (var i = 0; i < 1000; i++)
        {
            var stream = context.OpenHttp(new NoStream());
            stream.OnRequestHeaders(new(), true);
            stream.OnDestroy();
        }

        // Their numbers are not given out again, and mean nothing any more.
        Assert.Equal(1002u, context.OpenHttp(new NoStream()).Id);
        Assert.Single(context.Vm.Contexts, c => c is HttpExchange);
    }
}
