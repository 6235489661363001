using System.Text;

namespace Weft.Wasm.Host.Testing;

/// <summary>A call over HTTP that the plugin has made, and that the test answers.</summary>
public sealed class TestCall
{
    private readonly PluginTest _test;
    private readonly HttpCallout _call;
    private readonly ITimer? _timer;

    internal TestCall(PluginTest test, HttpCallout call)
    {
        (_test, _call) = (test, call);
        if (call.Timeout is { } timeout)
        {
            _timer = test.Clock.CreateTimer(_ => Expire(), null, timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The cluster that is called.</summary>
    public string Cluster => _call.Cluster;

    /// <summary>The headers of the call, such as <c>:path</c>.</summary>
    public HeaderMap Headers => _call.Headers;

    /// <summary>The trailers of the call.</summary>
    public HeaderMap Trailers => _call.Trailers;

    /// <summary>The body of the call, as text.</summary>
    public string Body => Encoding.UTF8.GetString(_call.Body.Span);

    /// <summary>How long the plugin waits for an answer; null without an end.</summary>
    public TimeSpan? Timeout => _call.Timeout;

    /// <summary>Whether it has been answered, or has failed.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Answers the call.</summary>
    public void Respond(int status, string body = "", params (string Name, string Value)[] headers)
    {
        var map = new HeaderMap();
        map.Add(":status", $"{status}");
        foreach (var (name, value) in headers)
        {
            map.Add(name, value);
        }

        End(() => _call.Respond(map, Encoding.UTF8.GetBytes(body)));
    }

    /// <summary>The answer does not come in time: the plugin gets status 504, as from Envoy.</summary>
    public void Expire() => Respond(504, "upstream request timeout", ("content-type", "text/plain"));

    /// <summary>The connection is reset: the plugin gets an answer without headers.</summary>
    public void Fail() => End(_call.Fail);

    private void End(Action answer)
    {
        IsAnswered = true;
        _timer?.Dispose();
        answer();
        _test.Drain();
    }
}
