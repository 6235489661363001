namespace Weft.Wasm.Tests.Sdk.Calls;

public sealed class HttpCallTests
{
    private const string Asking =
        """
        uint _call;
        public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
        {
            var headers = new HeaderList(stackalloc byte[256]);
            headers.Add(":method", "POST"); headers.Add(":path", Request.Path); headers.Add(":authority", "auth.local");
            var trailers = new HeaderList(stackalloc byte[64]);
            trailers.Add("x-sum", "9");
            var sent = HttpCall.Send("auth", headers, "who is it", trailers, 250, out _call);
            Log.Info($"{(int)sent}");
            return FilterAction.Pause;
        }
        public void OnHttpCallResponse(ref Plugin plugin, uint call, CallResponse response)
        {
            Log.Info($"{call == _call} {response.Failed} {response.Status} {response.HeaderCount} {response.BodySize} {response.TrailerCount}");
            if (response.Failed) { LocalResponse.Send(503, "nobody knows"); return; }
            Request.Headers.Set("x-user", response.Headers.Get("x-user"));
            Request.Headers.Set("x-said", response.Body.Read(1, 3));
            Request.Continue();
        }
        """;

    [Fact]
    public void A_request_is_held_until_another_service_has_answered()
    {
        using var plugin = SdkPlugin.Http("", Asking);
        var request = plugin.Request((":path", "/books"));
        Assert.True(request.IsHeld);
        var call = Assert.Single(plugin.Calls);
        Assert.Equal(("auth", "/books", "auth.local", "who is it", "9"),
            (call.Cluster, call.Headers[":path"], call.Headers[":authority"], call.Body, call.Trailers["x-sum"]));
        Assert.Equal(TimeSpan.FromMilliseconds(250), call.Timeout);
        call.Respond(200, "yes you", ("x-user", "ada"));
        Assert.False(request.IsHeld);
        Assert.Equal(("ada", "es "), (request.Headers["x-user"], request.Headers["x-said"]));
        Assert.Equal(["0", "true false 200 2 7 0"], plugin.Lines());
    }

    [Fact]
    public void A_call_that_gets_no_answer_has_failed()
    {
        using var plugin = SdkPlugin.Http("", Asking);
        var request = plugin.Request();
        plugin.Calls[0].Fail();
        Assert.Equal(503, request.Response!.Status);
        Assert.Equal("nobody knows", request.Response.Body);
        Assert.Equal(["0", "true true 0 0 0 0"], plugin.Lines());
    }

    [Fact]
    public void Headers_that_do_not_fit_are_not_sent()
    {
        using var plugin = SdkPlugin.Http("",
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                var headers = new HeaderList(stackalloc byte[24]);
                var (first, second) = (headers.Add(":method", "GET"), headers.Add("x-long", "0123456789"));
                Log.Info($"{first} {second} {headers.Overflowed} {(int)HttpCall.Send("auth", headers, default, 250, out _)}");
                Log.Info($"{(int)LocalResponse.Send(400, headers: headers)} {(int)Request.Headers.Replace(headers)}");
                return FilterAction.Continue;
            }
            """);
        plugin.Request();
        Assert.Equal(["true false true 2", "2 2"], plugin.Lines());
        Assert.Empty(plugin.Calls);
    }

    [Fact]
    public void A_plugin_calls_by_itself_when_its_time_has_come()
    {
        using var plugin = SdkPlugin.Http(
            """
            uint _call; public int Known;
            public bool OnConfigure(ReadOnlySpan<byte> configuration) { Clock.SetTick(2000); return true; }
            public void OnTick()
            {
                var headers = new HeaderList(stackalloc byte[128]);
                headers.Add(":method", "GET"); headers.Add(":path", "/keys"); headers.Add(":authority", "keys");
                HttpCall.Send("keys", headers, default, 1000, out _call);
            }
            public void OnHttpCallResponse(uint call, CallResponse response)
            {
                if (call == _call) Ascii.TryParseInt32(response.Body.Read(), out Known);
            }
            """,
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream) { Log.Info($"{plugin.Known}"); return FilterAction.Continue; }
            """);
        plugin.Request();
        plugin.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(plugin.Calls).Respond(200, "17");
        plugin.Request();
        plugin.Advance(TimeSpan.FromSeconds(2));
        plugin.Calls[1].Respond(200, "18");
        plugin.Request();
        Assert.Equal(["0", "17", "18"], plugin.Lines());
    }
}
