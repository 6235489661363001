using System.Buffers;

namespace Weft.Wasm.Host.Testing;

/// <summary>One direction of an HTTP stream in a test: what came, what the plugin holds, and what went on.</summary>
internal sealed class TestDirection(
    Func<HeaderMap, bool, StreamAction> onHeaders,
    TestDirection.BodyCallback onBody,
    Func<HeaderMap, StreamAction> onTrailers,
    BodyBuffer body)
{
    private readonly ArrayBufferWriter<byte> _passed = new();
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private readonly Queue<Action> _notYetSeen = new();
    private bool _holdsAll;

    public delegate StreamAction BodyCallback(ReadOnlySpan<byte> part, bool endOfStream);

    public HeaderMap Headers { get; } = new();

    public HeaderMap? Trailers { get; private set; }

    public StreamAction Action { get; private set; }

    public bool IsHeld => Action is StreamAction.Pause or StreamAction.PauseAndWait or StreamAction.PauseHeadersOnly;

    public ReadOnlySpan<byte> Passed => _passed.WrittenSpan;

    public void Begin(bool endOfStream)
    {
        Action = onHeaders(Headers, endOfStream);
        _holdsAll = Action == StreamAction.Pause;
    }

    public void Send(byte[] part, bool endOfStream)
    {
        if (_holdsAll)
        {
            _notYetSeen.Enqueue(() => Send(part, endOfStream));
        }
        else if (Action != StreamAction.Stop)
        {
            Act(onBody(part, endOfStream));
        }
    }

    public void SendTrailers(HeaderMap trailers)
    {
        Trailers = trailers;
        if (_holdsAll)
        {
            _notYetSeen.Enqueue(() => SendTrailers(trailers));
        }
        else if (Action != StreamAction.Stop)
        {
            Act(onTrailers(trailers));
        }
    }

    public void Continue()
    {
        (Action, _holdsAll) = (StreamAction.Continue, false);
        Pass();
        while (!_holdsAll && _notYetSeen.TryDequeue(out var next))
        {
            next();
        }
    }

    private void Act(StreamAction action)
    {
        Action = action;
        if (action == StreamAction.Continue)
        {
            Pass();
        }
        else if (action == StreamAction.PauseAndWait)
        {
            // The plugin does not see it again, but it goes on with the rest.
            _waiting.Write(body.Span);
            body.Clear();
        }
    }

    private void Pass()
    {
        _passed.Write(_waiting.WrittenSpan);
        _passed.Write(body.Span);
        _waiting.ResetWrittenCount();
        body.Clear();
    }
}
