namespace Weft.Wasm.Host;

/// <content>Callbacks, what their results mean, and what a failure means.</content>
public sealed partial class HttpExchange
{
    private StreamKind? _running;
    private bool _goesOn;

    private enum Phase
    {
        Headers,
        Body,
    }

    private StreamAction Run(
        StreamKind stream, string name, Func<int, int, int, int>? export, int count, bool endOfStream, Phase phase)
    {
        if (Vm.HasFailed)
        {
            return Failed();
        }

        if (export is null)
        {
            return StreamAction.Continue;
        }

        (_running, _goesOn) = (stream, false);
        var ran = Vm.Run(this, name, export, Id, count, endOfStream, out var result);
        _running = null;
        return !ran ? Failed()
            : Vm.StopsIteration ? StreamAction.Stop
            : _goesOn ? StreamAction.Continue
            : phase == Phase.Headers ? HeadersAction(result)
            : BodyAction(result);
    }

    private StreamAction Run(StreamKind stream, string name, Func<int, int, int>? export, int count)
    {
        if (Vm.HasFailed)
        {
            return Failed();
        }

        if (export is null)
        {
            return StreamAction.Continue;
        }

        (_running, _goesOn) = (stream, false);
        var ran = Vm.Run(this, name, export, Id, count, out var result);
        _running = null;
        return !ran ? Failed()
            : Vm.StopsIteration ? StreamAction.Stop
            : _goesOn || result == 0 ? StreamAction.Continue : StreamAction.Pause;
    }

    private static StreamAction BodyAction(int result) => result switch
    {
        0 => StreamAction.Continue,
        1 => StreamAction.Pause,
        2 => StreamAction.PauseAndWait,
        _ => StreamAction.Stop,
    };

    private StreamAction HeadersAction(int result) =>
        result == 0 ? StreamAction.Continue
        : result == 1 && _plugin.Settings.ShowsBodyWhilePaused ? StreamAction.PauseHeadersOnly
        : StreamAction.Pause;

    private StreamAction Failed()
    {
        if (_plugin.Settings.FailurePolicy == FailurePolicy.FailOpen)
        {
            return StreamAction.Continue;
        }

        if (!_isFailed)
        {
            _isFailed = true;
            SendOnce(new() { Status = 503, Details = "wasm_fail_stream", GrpcStatus = 14 });
        }

        return StreamAction.Stop;
    }

    private void SendOnce(LocalResponse response)
    {
        if (!_isAnswered && !_isEnded)
        {
            _isAnswered = true;
            _host.SendLocalResponse(response);
        }
    }
}
