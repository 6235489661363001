using Weft.Bpf.Kernel;
using Weft.Bpf.Netlink;

namespace Weft.Bpf;

public static partial class Attach
{
    /// <summary>
    /// Attaches to what an interface receives or sends, by a filter of classic traffic control with direct action, in the
    /// network namespace of the calling thread. Linux 4.5; needs <c>CAP_NET_ADMIN</c>, <c>sch_ingress</c> and <c>cls_bpf</c>.
    /// From Linux 6.6 on, <see cref="Tcx"/> is better: this is no link, and stays when the process is killed.
    /// </summary>
    /// <remarks>
    /// The <c>clsact</c> queue is made where it is missing. The link that made it removes it when it is detached, unless
    /// other filters stand on it then. <see cref="BpfLink.Info"/> has the filter's handle as its number.
    /// </remarks>
    /// <param name="program">A program of type <see cref="ProgramType.SchedClassifier"/>.</param>
    /// <param name="device">The index of the interface.</param>
    /// <param name="direction"><see cref="AttachType.TcxIngress"/> or <see cref="AttachType.TcxEgress"/>.</param>
    /// <param name="priority">Filters run in the order of these, from 1; 0 lets the kernel choose, before those that are there.</param>
    /// <param name="handle">The filter's number within its priority; 0 lets the kernel choose.</param>
    /// <param name="replaces">Whether a filter with the same priority and handle gives way; else it is an error.</param>
    /// <exception cref="KernelException">The kernel refused it; the message has the kernel's own words.</exception>
    public static BpfLink TrafficControl(
        BpfProgram program, int device, AttachType direction, ushort priority = 0, uint handle = 0, bool replaces = false)
    {
        var isIngress = OnlyTcx(direction) == AttachType.TcxIngress;
        var hook = $"tc {(isIngress ? "ingress" : "egress")} of interface {device}";
        var socket = new NetlinkSocket(program.Kernel, hook);
        try
        {
            var control = new Netlink.TrafficControl(socket, device);
            var queue = control.MakeQueue();
            if (queue.Result is < 0 and not -Errno.Exists)
            {
                throw Refused(queue, hook, "clsact", "sch_ingress");
            }

            var madeQueue = queue.Result == 0;
            var place = new FilterPlace(Netlink.TrafficControl.Parent(isIngress), handle, priority);
            var flags = NetlinkFlags.Create | (replaces ? 0 : NetlinkFlags.Exclusive);
            var end = control.SetFilter(place, flags, program, out var state);
            if (end.Result < 0)
            {
                if (madeQueue && control.IsEmpty())
                {
                    control.RemoveQueue();
                }

                throw Refused(end, hook, "filter", "cls_bpf");
            }

            return new FilterLink(program, hook, socket, control, state, madeQueue);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static KernelException Refused(NetlinkEnd end, string hook, string step, string module) =>
        AttachHints.Refused(end.Result, hook, step, end.Text ?? end.Result switch
        {
            -Errno.NoEntry => $"this kernel lacks the module {module}",
            -Errno.Exists => "a filter with this priority and handle is there",
            _ => null,
        });

    private static AttachType OnlyTcx(AttachType direction) => direction is AttachType.TcxIngress or AttachType.TcxEgress
        ? direction
        : throw new ArgumentOutOfRangeException(nameof(direction), direction, "It is TcxIngress or TcxEgress.");
}
