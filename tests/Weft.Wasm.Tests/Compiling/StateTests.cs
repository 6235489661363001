using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling;

/// <summary>Plugins of the real shape: what lives how long, and what must not be kept.</summary>
public sealed class StateTests
{
    [Fact]
    public void What_is_allocated_for_the_configuration_stays_and_what_a_callback_allocates_goes()
    {
        using var wasm = Plugin("plugin.Kept = new int[3]; plugin.Kept[1] = 7;", "var x = new int[1000]; x[1] = 5; return Answer(plugin.Kept![1] + x[1]);");
        for (var i = 0; i < 100_000; i++)
        {
            Assert.Equal(1, wasm.Call("proxy_on_request_headers", 2, 0, 1));
        }

        Assert.Equal("12", wasm.Log[^1]);
        Assert.InRange(wasm.Pages, 1, 8);
    }

    [Theory]
    [InlineData("plugin.Kept = new int[1];")]
    [InlineData("plugin.Inner.Node = new Node();")]
    [InlineData("plugin.Many![0] = new Node();")]
    [InlineData("plugin.Many![0].Next = new Node();")]
    [InlineData("Statics.Kept = new int[1];")]
    [InlineData("Statics.Node.Next = new Node();")]
    [InlineData("Kept = new int[1];")]
    [InlineData("Node[] x = [new Node()]; x.AsSpan().CopyTo(plugin.Many);")]
    [InlineData("plugin.Many.AsSpan().Fill(new Node());")]
    [InlineData("plugin.Inner = new Inner { Node = new Node() };")]
    [InlineData("ref var x = ref plugin.Inner.Node; x = new Node();")]
    public void An_object_of_a_callback_cannot_be_kept(string body)
    {
        using var wasm = Plugin("plugin.Many = new Node[2]; plugin.Many[0] = new Node();", $"{body} return Answer(1);");
        for (var i = 0; i < 2; i++)
        {
            wasm.Call("proxy_on_request_headers", 2, 0, 1);
            Assert.StartsWith("plugin fault contained: an object of a callback kept at ", Assert.Single(wasm.Log), StringComparison.Ordinal);
            wasm.Log.Clear();
        }
    }

    [Theory]
    [InlineData("Node[] x = [new Node()]; Node[] y = [new Node()]; x.AsSpan().CopyTo(y); y.AsSpan().Fill(x[0]); y[0].Next = x[0]; return Answer(y.Length);", "1")]
    [InlineData("plugin.Inner.Node = plugin.Many![0]; plugin.Many![1] = plugin.Inner.Node; plugin.Inner.Node = null; return Answer(2);", "2")]
    [InlineData("Kept = plugin.Kept; Kept = null; Statics.Kept = null; return Answer(3);", "3")]
    public void What_lives_as_long_can_be_kept(string body, string answer)
    {
        using var wasm = Plugin("plugin.Many = new Node[2]; plugin.Many[0] = new Node();", body);
        wasm.Call("proxy_on_request_headers", 2, 0, 1);
        Assert.Equal([answer], wasm.Log);
    }

    [Fact]
    public void The_allocator_of_the_proxy_is_never_wrapped()
    {
        using var wasm = Plugin("", "return Answer(1);");
        var before = (int)wasm.Instance.GetGlobal("fuel")!.GetValue()!;
        wasm.Instance.GetGlobal("fuel")!.SetValue(before - 5);
        wasm.Call("proxy_on_memory_allocate", 64);
        Assert.Equal(before - 5, wasm.Instance.GetGlobal("fuel")!.GetValue());
    }

    private static WasmInstance Plugin(string configure, string request)
    {
        var source =
            $$"""
            public sealed class Node { public Node? Next; public int Value; }
            public struct Inner { public int Before; public Node? Node; }
            public static class Statics { public static int[]? Kept; public static readonly Node Node = new(); }
            public struct Plugin : IHttpPlugin<Plugin, Stream>
            {
                public int[]? Kept; public Inner Inner; public Node[]? Many;
                public bool OnConfigure(ReadOnlySpan<byte> configuration) { ref var plugin = ref this; {{configure}} return true; }
            }
            public struct Stream : IHttpStream<Plugin>
            {
                public int[]? Kept;
                public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream) { {{request}} }
                static FilterAction Answer(int number) { Log.Info($"{number}"); return FilterAction.Pause; }
            }
            """;
        var wasm = new WasmInstance(WasmModule.Of(source));
        wasm.Call("proxy_on_context_create", 1, 0);
        Assert.Equal(1, wasm.Call("proxy_on_configure", 1, 0));
        wasm.Call("proxy_on_context_create", 2, 1);
        return wasm;
    }
}
