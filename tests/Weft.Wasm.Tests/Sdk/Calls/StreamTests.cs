using System.Buffers;
using Weft.Wasm.Host;

namespace Weft.Wasm.Tests.Sdk.Calls;

/// <summary>What a plugin sees and changes of a request and its response, callback by callback.</summary>
public sealed class StreamTests
{
    [Fact]
    public void Bodies_are_read_and_rewritten_in_both_directions()
    {
        using var plugin = SdkPlugin.Http("",
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream) { Request.Headers.Remove("content-length"); return FilterAction.Continue; }
            public FilterAction OnRequestBody(ref Plugin plugin, int size, bool endOfStream)
            {
                if (!endOfStream) return FilterAction.Pause;
                Log.Info($"{size} {Request.Body.Length} {Request.Body.Read(2, 3)}");
                Request.Body.Drain(1); Request.Body.Prepend("<"); Request.Body.Append(">");
                return FilterAction.Continue;
            }
            public FilterAction OnResponseHeaders(ref Plugin plugin, bool endOfStream) { Response.Headers.Add("x-code", Response.Headers.Get(":status")); Log.Info($"{Response.Status}"); return FilterAction.Continue; }
            public FilterAction OnResponseBody(ref Plugin plugin, int size, bool endOfStream)
            {
                Log.Info($"{size} {endOfStream} {Response.Body.TryRead(1, 1, out var second)} {second}");
                if (endOfStream) Response.Body.Replace("short"); else Response.Body.Clear();
                return FilterAction.Continue;
            }
            """);
        var request = plugin.Begin(("content-length", "6"));
        request.Send("abc").Send("def", endOfStream: true);
        Assert.Equal("<bcdef>", request.Body);
        Assert.Null(request.Headers["content-length"]);
        var response = request.BeginResponse(201);
        response.Send("long").Send("er", endOfStream: true);
        Assert.Equal(("short", "201"), (response.Body, response.Headers["x-code"]));
        Assert.Equal(["6 6 cde", "201", "4 false true o", "2 true true r"], plugin.Lines());
    }

    [Fact]
    public void Trailers_are_read_and_added_and_the_log_sees_all()
    {
        using var plugin = SdkPlugin.Http("",
            """
            public FilterAction OnRequestTrailers(ref Plugin plugin) { Request.Trailers.Add("x-in", Request.Trailers.Get("x-sum")); return FilterAction.Continue; }
            public FilterAction OnResponseTrailers(ref Plugin plugin) { Response.Trailers.Set("grpc-status", "0"); return FilterAction.Continue; }
            public void OnLog(ref Plugin plugin) => Log.Info($"{Request.Method} {Request.Path} {Request.Authority} {Request.Scheme} {Response.Status} {Response.Trailers.Get("grpc-status")}");
            public bool OnDone(ref Plugin plugin) { Log.Info("done"); return true; }
            public void OnDelete(ref Plugin plugin) => Log.Info("deleted");
            """);
        var request = plugin.Begin().Send("body").SendTrailers(("x-sum", "1"));
        Assert.Equal("1", request.Trailers!["x-in"]);
        request.BeginResponse(200).Send("body").SendTrailers(("grpc-status", "7"));
        request.End();
        Assert.Equal(["GET / test http 200 0", "deleted", "done"], plugin.Lines().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_request_is_answered_by_the_plugin_with_all_that_an_answer_has()
    {
        using var plugin = SdkPlugin.Http("",
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                var headers = new HeaderList(stackalloc byte[64]);
                headers.Add("retry-after", "5"); headers.Add("x-why", "full");
                LocalResponse.Send(429, "slow down", "limited", headers, 8);
                return FilterAction.Pause;
            }
            """);
        var answer = plugin.Request().LocalResponse!;
        Assert.Equal((429, "limited", 8), (answer.Status, answer.Details, answer.GrpcStatus));
        Assert.Equal(("5", "full", "slow down"), (answer.Headers["retry-after"], answer.Headers["x-why"], System.Text.Encoding.UTF8.GetString(answer.Body.Span)));
    }

    [Fact]
    public void All_headers_are_gone_through_and_replaced()
    {
        using var plugin = SdkPlugin.Http("",
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                foreach (var header in Request.Headers) Log.Info($"{header.Name}={header.Value}");
                Log.Info($"{Request.Headers.Count} {Request.Headers.ByteSize > 40} {Request.Headers.Contains("x-a")} {Request.Headers.Contains("x-b")}");
                var headers = new HeaderList(stackalloc byte[256]);
                headers.Add(":method", "PUT"); headers.Add(":path", "/new"); headers.Add(":authority", "other"); headers.Add(":scheme", "http");
                Request.Headers.Replace(headers);
                return FilterAction.Continue;
            }
            """);
        var request = plugin.Request(("x-a", "1"));
        Assert.Equal([":authority=test", ":path=/", ":method=GET", ":scheme=http", "x-a=1", "5 true true false"], plugin.Lines());
        Assert.Equal(("PUT", "/new", null), (request.Headers[":method"], request.Headers[":path"], request.Headers["x-a"]));
    }

    [Fact]
    public void Properties_are_read_by_name_and_by_kind_and_set()
    {
        using var plugin = SdkPlugin.Http("",
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                Log.Info($"{Properties.SourceAddress} {Properties.SourcePort} {Properties.DestinationAddress} {Properties.DestinationPort}");
                Log.Info($"{Properties.IsMutualTls} {Properties.PeerUri} {Properties.RouteName} {Properties.ClusterName} {(int)Properties.ListenerDirection}");
                Log.Info($"{Properties.NodeId} {Properties.PluginName} {Properties.RequestId} {Properties.GetInt64("no\0where", -4)} {Properties.GetBool("no\0where", true)}");
                Log.Info($"{Properties.TryGet("metadata", "filter", "key", out var value)} {value} {Properties.TryGet("no", "where", out _)}");
                Log.Info($"{(int)Properties.Set("my\0own", "set")} {Properties.Get("my\0own")}");
                return FilterAction.Continue;
            }
            """,
            settings: new()
            {
                Plugin = new() { Name = "test" },
                Properties = p => p.Set("source.address", "10.0.0.1:80").Set("source.port", 80).Set("destination.address", "10.0.0.2:90").Set("destination.port", 90)
                    .Set("connection.mtls", true).Set("connection.uri_san_peer_certificate", "spiffe://a").Set("xds.route_name", "r").Set("xds.cluster_name", "c")
                    .Set("xds.listener_direction", 2).Set("xds.node.id", "n").Set("request.id", "q").Set("metadata.filter.key", "v"),
            });
        plugin.Request();
        Assert.Equal(["10.0.0.1:80 80 10.0.0.2:90 90", "true spiffe://a r c 2", "n test q -4 true", "true v false", "0 set"], plugin.Lines());
    }

    [Fact]
    public void Functions_of_the_proxy_are_called_by_name_and_the_clock_goes_on()
    {
        ForeignFunction upper = (_, arguments, result) =>
        {
            foreach (var letter in arguments)
            {
                result.Write([(byte)(letter - 32)]);
            }

            return AbiStatus.Ok;
        };
        using var plugin = SdkPlugin.Http(
            """
            public long Start;
            public bool OnVmStart(ReadOnlySpan<byte> configuration) { Log.Info($"vm {configuration}"); return true; }
            public bool OnConfigure(ReadOnlySpan<byte> configuration) { Log.Info($"plugin {configuration}"); Start = Clock.Now; return true; }
            """,
            """
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                Log.Info($"{(int)Vm.CallForeign("upper", "abc", out var result)} {result} {(int)Vm.CallForeign("none", default, out _)}");
                Log.Info($"{(int)Vm.ClearRouteCache()} {(Clock.Now - plugin.Start) / 1000000}");
                return FilterAction.Continue;
            }
            """,
            "rules",
            new() { Vm = new() { Configuration = SdkPlugin.Bytes("all") }, ForeignFunctions = new ForeignFunctions().With("upper", upper) });
        plugin.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, plugin.Request().RouteCacheClears);
        Assert.Equal(["vm all", "plugin rules", "0 ABC 1", "0 3000"], plugin.Lines());
    }

    [Theory]
    [InlineData("OnVmStart")]
    [InlineData("OnConfigure")]
    public void A_plugin_that_says_no_is_not_loaded(string callback) =>
        Assert.Throws<PluginException>(() => SdkPlugin.Http($"public bool {callback}(ReadOnlySpan<byte> configuration) => false;", ""));
}
