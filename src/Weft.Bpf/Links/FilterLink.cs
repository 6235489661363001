using Weft.Bpf.Kernel;
using Weft.Bpf.Netlink;

namespace Weft.Bpf;

/// <summary>A program that is a filter of classic traffic control. The kernel keeps it when the process is killed.</summary>
internal sealed class FilterLink : BpfLink
{
    // Of the network namespace in which it was attached, which the thread that detaches it need not have.
    private readonly NetlinkSocket _socket;
    private readonly TrafficControl _control;
    private readonly bool _madeQueue;
    private readonly FilterPlace _place;
    private uint _programId;
    private bool _isGone;

    public FilterLink(BpfProgram program, string hook, NetlinkSocket socket, TrafficControl control, FilterState state, bool madeQueue)
        : base(program.Kernel, program, hook)
    {
        (_socket, _control, _madeQueue) = (socket, control, madeQueue);
        (_place, _programId) = state;
    }

    public override LinkInfo Info
    {
        get
        {
            ThrowIfDisposed();
            var end = _control.GetFilter(_place, out var found);
            return found is { } state
                ? new(LinkType.Unspecified, state.Place.Handle, state.ProgramId)
                : throw Refused(end.Result < 0 ? end : new(-Errno.NoEntry, end.Text), "query");
        }
    }

    private protected override void PinTo(string path) => throw new BpfNotSupportedException(
        $"{Hook}: filters of classic traffic control are no links, and cannot be pinned; they stay when the process ends without detaching them");

    private protected override void Replace(BpfProgram program)
    {
        var end = _control.SetFilter(_place, 0, program, out var state);
        if (end.Result < 0)
        {
            throw Refused(end, "update");
        }

        _programId = state.ProgramId;
    }

    private protected override void LetGo()
    {
        var end = Remove();
        if (end.Result is < 0 and not -Errno.NoEntry)
        {
            throw Refused(end, "detach");
        }
    }

    private protected override void Release()
    {
        try
        {
            Remove();
        }
        catch (BpfException)
        {
            // Dispose throws nothing; Detach tells.
        }

        _socket.Dispose();
    }

    private NetlinkEnd Remove()
    {
        if (_isGone)
        {
            return default;
        }

        // Another may have put a filter of its own in this place.
        var end = _control.GetFilter(_place, out var found);
        if (found is { } state && state.ProgramId == _programId)
        {
            end = _control.RemoveFilter(_place);
        }

        if (end.Result == 0)
        {
            _isGone = true;
            if (_madeQueue && _control.IsEmpty())
            {
                _control.RemoveQueue();
            }
        }

        return end;
    }

    private KernelException Refused(NetlinkEnd end, string what) => new(-end.Result, $"{Hook}: {what}", end.Text);
}
