using Weft.Wasm.Host;

namespace Weft.Wasm.Tests.Sdk.Calls;

public sealed class GrpcCallTests
{
    private const string News =
        """
        public void OnGrpcCall(ref Plugin plugin, uint call, GrpcEvent news)
        {
            switch (news.Kind)
            {
                case GrpcNews.InitialMetadata: Log.Info($"head {news.Size} {news.InitialMetadata.Get("x-a")}"); break;
                case GrpcNews.Message: Log.Info($"message {news.Size} {news.Message.Read()} {news.Status}"); break;
                case GrpcNews.TrailingMetadata: Log.Info($"tail {news.TrailingMetadata.Get("x-b")}"); break;
                default: Log.Info($"closed {news.Status} {news.Size} {call == _call}"); break;
            }
        }
        """;

    [Fact]
    public void One_message_is_asked_and_one_answered()
    {
        using var plugin = SdkPlugin.Http("",
            $$"""
            uint _call;
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                var metadata = new HeaderList(stackalloc byte[64]);
                metadata.Add("x-m", "1");
                Log.Info($"{(int)GrpcCall.Unary("target", "shop.Stock", "Ask", metadata, "book", 500, out _call)}");
                return FilterAction.Pause;
            }
            {{News}}
            """);
        plugin.Request();
        var call = Assert.Single(plugin.GrpcCalls);
        Assert.Equal(("target", "shop.Stock", "Ask", "book"), (Text(call.Target), call.Service, call.Method, Text(call.Message)));
        Assert.Equal(("1", TimeSpan.FromMilliseconds(500), false), (call.InitialMetadata["x-m"], call.Timeout, call.IsStream));
        call.Receive(SdkPlugin.Bytes("three"));
        Assert.Equal(["0", "message 5 three -1"], plugin.Lines());
    }

    [Fact]
    public void A_stream_goes_both_ways_until_both_have_closed_it()
    {
        using var plugin = SdkPlugin.Http("",
            $$"""
            uint _call;
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                var opened = GrpcCall.Open("target", "shop.Stock", "Watch", default, out _call);
                Log.Info($"{(int)opened} {(int)GrpcCall.Send(_call, "one")} {(int)GrpcCall.Send(_call, "two", endOfStream: true)}");
                return FilterAction.Continue;
            }
            {{News}}
            """);
        plugin.Request();
        var call = Assert.Single(plugin.GrpcCalls);
        Assert.True(call.IsStream);
        call.ReceiveInitialMetadata(Map("x-a", "first"));
        call.Receive(SdkPlugin.Bytes("some"));
        call.ReceiveTrailingMetadata(Map("x-b", "last"));
        call.Close(5);
        Assert.Equal(["0 0 0", "head 1 first", "message 4 some -1", "tail last", "closed 5 0 true"], plugin.Lines());
    }

    [Fact]
    public void What_is_closed_or_given_up_can_be_sent_no_more()
    {
        using var plugin = SdkPlugin.Http(
            """
            uint _first; uint _second;
            public bool OnConfigure(ReadOnlySpan<byte> configuration) { Clock.SetTick(1000); return true; }
            public void OnTick()
            {
                if (_first == 0)
                {
                    GrpcCall.Open("target", "s", "m", default, out _first);
                    GrpcCall.Open("target", "s", "m", default, out _second);
                    return;
                }

                Log.Info($"{(int)GrpcCall.Close(_first)} {(int)GrpcCall.Cancel(_second)}");
                Log.Info($"{(int)GrpcCall.Send(_second, "late")} {(int)GrpcCall.Cancel(999)}");
            }
            public void OnGrpcCall(uint call, GrpcEvent news) { if (news.Kind == GrpcNews.Message) Log.Info($"{call == _first} {news.Message.Read()}"); }
            """, "");
        var ended = new List<string>();
        plugin.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, plugin.GrpcCalls.Count);
        plugin.GrpcCalls[0].Closed = () => ended.Add("closed");
        plugin.GrpcCalls[1].Canceled = () => ended.Add("canceled");
        plugin.GrpcCalls[0].Receive(SdkPlugin.Bytes("early"));
        plugin.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["closed", "canceled"], ended);
        Assert.Equal(["true early", "0 0", "1 2"], plugin.Lines());
    }

    private static HeaderMap Map(string name, string value)
    {
        var map = new HeaderMap();
        map.Add(name, value);
        return map;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
}
