using System.Runtime.InteropServices;

namespace Bookshop;

/// <summary>SIGTERM or SIGINT: the wish that the program ends in its own way.</summary>
internal sealed class ShutdownSignal : IDisposable
{
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _term;
    private readonly PosixSignalRegistration _int;

    public ShutdownSignal()
    {
        _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive);
        _int = PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive);
    }

    public Task Received => _received.Task;

    public void Dispose()
    {
        _term.Dispose();
        _int.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        _received.TrySetResult();
    }
}
