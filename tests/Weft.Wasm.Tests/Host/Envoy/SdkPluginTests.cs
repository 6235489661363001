using Weft.Testing;
using Weft.Wasm.Host.Testing;
using Weft.Wasm.Tests.Sdk.Calls;

namespace Weft.Wasm.Tests.Host.Envoy;

/// <summary>What the SDK adds to the ABI holds in Envoy as it does in our host.</summary>
public sealed class SdkPluginTests
{
    [Fact]
    public async Task A_stream_gets_the_answer_to_its_call_and_takes_bytes_from_a_body()
    {
        Peers.Require("envoy");
        var module = SdkPlugin.Module("Http", "public int Answers;",
            """
            uint _call;
            public FilterAction OnRequestHeaders(ref Plugin plugin, bool endOfStream)
            {
                var headers = new HeaderList(stackalloc byte[128]);
                headers.Add(":method", "GET"); headers.Add(":path", "/ok"); headers.Add(":authority", "auth.local");
                HttpCall.Send("auth", headers, default, 5000, out _call);
                return FilterAction.Pause;
            }
            public void OnHttpCallResponse(ref Plugin plugin, uint call, CallResponse response)
            {
                plugin.Answers++;
                Log.Info($"{call == _call} {response.Status} {response.Body.Read()} {plugin.Answers}");
                Request.Headers.Set("x-user", response.Headers.Get("x-user"));
                Request.Continue();
            }
            public FilterAction OnResponseHeaders(ref Plugin plugin, bool endOfStream) { Response.Headers.Remove("content-length"); return FilterAction.Continue; }
            public FilterAction OnResponseBody(ref Plugin plugin, int size, bool endOfStream)
            {
                if (size == 0) return FilterAction.Continue;
                Log.Info($"{(int)Response.Body.Drain(2)} {Response.Body.Length}");
                return FilterAction.Continue;
            }
            """);
        await using var envoy = await EnvoyRun.StartAsync(module, "");
        using var ours = PluginTest.FromBytes(module);
        for (var i = 0; i < 2; i++)
        {
            var theirs = await envoy.GetAsync("/page");
            Assert.Equal("3\r\nllo\r\n0\r\n\r\n", theirs.Body);
            Assert.Equal(("/page", "u1"), (envoy.Server.Requests.Last().Path, envoy.Server.Requests.Last().Headers["x-user"]));

            var request = ours.Request((":path", "/page"));
            ours.Calls[i].Respond(200, "hello", ("x-user", "u1"));
            var response = request.BeginResponse(200, ("content-length", "5")).Send("hello", endOfStream: true);
            Assert.Equal(("llo", "u1"), (response.Body, request.Headers["x-user"]));
        }

        Assert.Equal(["true 200 hello 1", "0 3", "true 200 hello 2", "0 3"], ours.Lines());
        Assert.Equal(ours.Lines(), envoy.Logs);
    }
}
