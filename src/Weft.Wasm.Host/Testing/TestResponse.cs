using System.Globalization;
using System.Text;

namespace Weft.Wasm.Host.Testing;

/// <summary>A response that the plugin looks at, in a test.</summary>
public sealed class TestResponse
{
    private readonly TestRequest _request;
    private readonly TestDirection _response;
    private readonly int _status;

    internal TestResponse(TestRequest request, TestDirection response, int status) =>
        (_request, _response, _status) = (request, response, status);

    /// <summary>The status, as the plugin has left it.</summary>
    public int Status =>
        int.TryParse(Headers[":status"], CultureInfo.InvariantCulture, out var status) ? status : _status;

    /// <summary>The response's headers, as the plugin has left them.</summary>
    public HeaderMap Headers => _response.Headers;

    /// <summary>What the plugin wanted last of the response.</summary>
    public StreamAction Action => _response.Action;

    /// <summary>Whether the plugin holds the response.</summary>
    public bool IsHeld => _response.IsHeld;

    /// <summary>The body that went on to the client so far, as text.</summary>
    public string Body => Encoding.UTF8.GetString(_response.Passed);

    /// <summary>A part of the body comes.</summary>
    /// <returns>The response itself.</returns>
    public TestResponse Send(string part, bool endOfStream = false) => Send(Encoding.UTF8.GetBytes(part), endOfStream);

    /// <inheritdoc cref="Send(string, bool)"/>
    public TestResponse Send(ReadOnlySpan<byte> part, bool endOfStream = false)
    {
        _response.Send(part.ToArray(), endOfStream);
        _request.Drain();
        return this;
    }

    /// <summary>Trailers come, and end the response.</summary>
    /// <returns>The response itself.</returns>
    public TestResponse SendTrailers(params (string Name, string Value)[] trailers)
    {
        _response.SendTrailers(TestRequest.Map(trailers));
        _request.Drain();
        return this;
    }

    internal void SendOwn(ReadOnlyMemory<byte> body)
    {
        if (!body.IsEmpty)
        {
            _response.Send(body.ToArray(), endOfStream: true);
        }
    }
}
