using System.Buffers;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>
/// What a plugin holds of one direction of a stream, and whether somebody waits for it to go on. Within the slot's turn,
/// but for waiting.
/// </summary>
internal sealed class HeldDirection
{
    private readonly ArrayBufferWriter<byte> _passed = new();
    private TaskCompletionSource? _waiting;
    private bool _goesOn;

    /// <summary>A callback is about to run.</summary>
    public void Begin() => _goesOn = false;

    /// <summary>What is to be waited for after headers; null where they go on.</summary>
    public Task? AfterHeaders(StreamAction action) => action is StreamAction.Continue or StreamAction.Stop ? null : Wait();

    /// <summary>What is to be waited for after a piece of a body; null where there is nothing to wait for.</summary>
    /// <param name="isEnd">Whether nothing follows that the plugin could see.</param>
    public Task? AfterBody(StreamAction action, BodyBuffer body, bool isEnd)
    {
        switch (action)
        {
            case StreamAction.Continue:
                Pass(body);
                return null;
            case StreamAction.PauseAndWait:
                // The plugin does not see it again; it goes on with the rest.
                Pass(body);
                return Wait();
            case StreamAction.Pause when isEnd:
                return Wait();
            default:
                return null;
        }
    }

    /// <summary>What was held goes on.</summary>
    public void Continue(BodyBuffer body)
    {
        Pass(body);
        Wake();
    }

    /// <summary>Whoever waits need not wait any more.</summary>
    public void Wake()
    {
        _goesOn = true;
        _waiting?.TrySetResult();
        _waiting = null;
    }

    /// <summary>What may go on of the body.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        if (_passed.WrittenCount == 0)
        {
            return default;
        }

        var bytes = _passed.WrittenSpan.ToArray();
        _passed.ResetWrittenCount();
        return bytes;
    }

    private void Pass(BodyBuffer body)
    {
        _passed.Write(body.Span);
        body.Clear();
    }

    private Task? Wait()
    {
        if (_goesOn)
        {
            return null;
        }

        // Who waits goes on elsewhere: the slot's turn is not his.
        _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Task;
    }
}
