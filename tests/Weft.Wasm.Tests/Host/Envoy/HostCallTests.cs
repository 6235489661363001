using Weft.Testing;
using Weft.Wasm.Host.Testing;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host.Envoy;

/// <summary>
/// A plugin that logs what each host call answers, in each callback: Envoy's log and ours are the same, line by line.
/// </summary>
public sealed class HostCallTests
{
    private readonly GuestModule _guest = new();

    [Fact]
    public async Task Each_call_answers_the_same_in_each_callback()
    {
        Write();
        var text = _guest.ToString();
        Peers.Require("envoy");
        await using var envoy = await EnvoyRun.StartAsync(Wasmtime.Module.ConvertText(text), "conf", "vm conf");
        await envoy.GetAsync("/a?b=c", ("x-user", "7"));
        await envoy.WaitForLogAsync("end of delete");
        using var ours = PluginTest.FromText(text, "conf", new()
        {
            Plugin = new() { Name = "plugin", RootId = "root" },
            Vm = new() { VmId = "vm", Configuration = "vm conf"u8.ToArray() },
            Clusters = ["echo", "auth"],
        });
        var started = ours.Logs.Count;
        var request = ours.Request((":path", "/a?b=c"), ("x-user", "7"));
        request.BeginResponse(200, ("x-server", "echo"), ("x-user", "u1")).Send("hello").Send("", endOfStream: true);
        request.End();

        // Envoy's lines come when they come: the request's are those after the last machine has started.
        var theirs = envoy.Logs.ToList();
        var before = theirs.LastIndexOf("end of configure") + 1;
        Assert.Equal(
            string.Join('\n', theirs.Skip(before - started).Take(started)),
            string.Join('\n', GuestTests.Lines(ours)[..started]));
        Assert.Equal(string.Join('\n', theirs.Skip(before)), string.Join('\n', GuestTests.Lines(ours)[started..]));
    }

    private void Write()
    {
        foreach (var (name, parameters, result) in ((string, int, string)[])
        [
            ("context_create", 2, ""), ("vm_start", 2, "(i32.const 1)"), ("configure", 2, "(i32.const 1)"),
            ("request_headers", 3, "(i32.const 0)"), ("response_headers", 3, "(i32.const 0)"), ("log", 1, ""),
            ("response_body", 3, "(i32.const 0)"), ("done", 1, "(i32.const 1)"), ("delete", 1, ""),
        ])
        {
            _guest.On(
                $"proxy_on_{name}", parameters, _guest.Note(name) + Calls() + _guest.Note($"end of {name}"), result);
        }
    }

    // Buffer 8 is whatever Envoy looked at last. Nothing in the others depends on the server's other headers, on ports
    // or on time.
    private string Calls() => string.Concat(
        ((int[])[0, 1, 2, 3, 4, 5, 6, 7, 8]).Select(m => _guest.Note($"map {m}") + _guest.Say(
            "proxy_get_header_map_value", $"(i32.const {m})", _guest.Text("x-none"), Out)
            + _guest.Say("proxy_get_header_map_value", $"(i32.const {m})", _guest.Text("X-User"), Out)
            + _guest.Say("proxy_add_header_map_value", $"(i32.const {m})", _guest.Text("x-n"), _guest.Text("v"))
            + _guest.Say("proxy_remove_header_map_value", $"(i32.const {m})", _guest.Text("x-n"))
            + _guest.Say("proxy_get_header_map_pairs", $"(i32.const {m})", Out)
            + _guest.Say("proxy_get_header_map_size", $"(i32.const {m})", OutNumber)))
        + string.Concat(((int[])[0, 1, 2, 3, 4, 5, 6, 7, 9]).Select(b => _guest.Note($"buffer {b}") + _guest.Say(
            "proxy_get_buffer_bytes", $"(i32.const {b}) (i32.const 0) (i32.const 99)", Out)
            + "(call $number (i32.load (i32.const 20)))"
            + _guest.Say("proxy_set_buffer_bytes", $"(i32.const {b}) (i32.const 0) (i32.const 0)", _guest.Text(""))
            + _guest.Say("proxy_get_buffer_status", $"(i32.const {b})", OutNumber, "(i32.const 28)")))
        + string.Concat(((string[])[
            "plugin_name", "plugin_root_id", "plugin_vm_id", "request\0path", "request\0url_path", "request\0query",
            "request\0headers\0x-user", "request\0headers\0x-none", "request\0method", "request\0none", "none", "mine",
            "response\0headers\0x-server", "response\0code",
        ]).Select(p => _guest.Note(p.Replace('\0', '.')) + _guest.Say("proxy_get_property", _guest.Text(p), Out)))
        + _guest.Say("proxy_get_property", _guest.Text("plugin_name"), Out) + SayOut
        + _guest.Say("proxy_set_property", _guest.Text("mine"), _guest.Text("value"))
        + _guest.Say("proxy_get_shared_data", _guest.Text("none"), Out, OutNumber)
        + _guest.Say("proxy_resolve_shared_queue", _guest.Text(""), _guest.Text("none"), OutNumber)
        + _guest.Say("proxy_dequeue_shared_queue", "(i32.const 77)", Out)
        + _guest.Say("proxy_get_metric", "(i32.const 400)", OutNumber)
        + _guest.Say("proxy_increment_metric", "(i32.const 402) (i64.const 1)")
        + _guest.Say("proxy_record_metric", "(i32.const 403) (i64.const 1)")
        + _guest.Say("proxy_get_metric", "(i32.const 403)", OutNumber)
        + _guest.Say("proxy_set_effective_context", "(i32.const 9999)") + _guest.Say("proxy_done")
        + _guest.Say("proxy_continue_stream", "(i32.const 3)") + _guest.Say("proxy_continue_stream", "(i32.const 4)")
        + _guest.Say("proxy_close_stream", "(i32.const 4)") + _guest.Say("proxy_grpc_close", "(i32.const 3)")
        + _guest.Say("proxy_grpc_cancel", "(i32.const 5)") + _guest.Say("proxy_grpc_send", "(i32.const 5)", Out, "(i32.const 0)")
        + _guest.Say("proxy_http_call", _guest.Text("nobody"), _guest.Pairs(), _guest.Text(""), _guest.Text(""),
            "(i32.const 5)", OutNumber)
        + _guest.Say("proxy_call_foreign_function", _guest.Text("none"), _guest.Text(""), Out)
        + _guest.Say("proxy_call_foreign_function", _guest.Text("clear_route_cache"), _guest.Text(""), Out)
        + _guest.Say("proxy_define_metric", "(i32.const 7)", _guest.Text("m"), OutNumber);
}
