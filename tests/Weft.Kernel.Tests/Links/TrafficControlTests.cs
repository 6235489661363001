using System.Runtime.CompilerServices;
using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Links;

public sealed class TrafficControlTests
{
    private const int Loopback = 1;

    [Fact]
    public void Filters_of_both_directions_run_and_leave_nothing_behind() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        using var incoming = Classifier(fired, 1);
        using var outgoing = Classifier(fired, 2);
        using (Attach.TrafficControl(incoming, Loopback, AttachType.TcxIngress))
        {
            using (Attach.TrafficControl(outgoing, Loopback, AttachType.TcxEgress))
            {
                Fired.Packet();
                Assert.Equal([2, 1], fired.Numbers());
            }

            Fired.Packet();
            Assert.Equal([1], fired.Numbers());
            Shell.Run("tc qdisc show dev lo | grep -q clsact");
        }

        Fired.Packet();
        Assert.Empty(fired.Numbers());
        Shell.Run("! tc qdisc show dev lo | grep -q clsact");
    });

    [Fact]
    public void Filters_run_by_their_priorities_and_are_updated_in_place() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        using var one = Classifier(fired, 1);
        using var two = Classifier(fired, 2);
        using var three = Classifier(fired, 3);
        using var late = Attach.TrafficControl(one, Loopback, AttachType.TcxIngress, priority: 20, handle: 5);
        using var early = Attach.TrafficControl(two, Loopback, AttachType.TcxIngress, priority: 10);
        Fired.Packet();
        Assert.Equal([2, 1], fired.Numbers());
        Assert.Equal(new LinkInfo(LinkType.Unspecified, 5, one.Info.Id), late.Info);

        late.Update(three);
        Assert.Same(three, late.Program);
        Fired.Packet();
        Assert.Equal([2, 3], fired.Numbers());
        Assert.Equal(three.Info.Id, late.Info.ProgramId);
        Assert.Throws<BpfNotSupportedException>(() => late.Pin(Apart.BpfFolder + "/filter"));

        var error = Assert.Throws<KernelException>(
            () => Attach.TrafficControl(one, Loopback, AttachType.TcxIngress, priority: 20, handle: 5));
        Assert.Equal(Errno.Exists, error.Errno);
        Assert.Equal("attach tc ingress of interface 1: filter: EEXIST: Filter already exists", error.Message);
        using var replacing = Attach.TrafficControl(one, Loopback, AttachType.TcxIngress, priority: 20, handle: 5, replaces: true);
        late.Detach();
        Fired.Packet();
        Assert.Equal([2, 1], fired.Numbers());
    });

    [Fact]
    public void A_queue_that_others_use_stays() => Apart.Run(() =>
    {
        using var fired = new Fired();
        using var program = Classifier(fired, 1);
        var first = Attach.TrafficControl(program, Loopback, AttachType.TcxIngress);
        using (Attach.TrafficControl(program, Loopback, AttachType.TcxEgress))
        {
            first.Detach();
            Shell.Run("tc filter show dev lo egress | grep -q direct-action");
        }

        Attach.TrafficControl(program, Loopback, AttachType.TcxIngress).Detach();
        Shell.Run("tc qdisc show dev lo | grep -q clsact");
    });

    [Fact]
    public void An_interface_that_is_not_there_is_told_in_the_words_of_the_kernel() => Apart.Run(() =>
    {
        using var fired = new Fired();
        using var program = Classifier(fired, 1);
        var error = Assert.Throws<KernelException>(() => Attach.TrafficControl(program, 4711, AttachType.TcxIngress));
        Assert.StartsWith("attach tc ingress of interface 4711: clsact: ENODEV: ", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_forgotten_filter_stays() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        AttachAndForget(fired);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Fired.Packet();
        Assert.Equal([4], fired.Numbers());
    });

    [Fact]
    public void A_kernel_without_sockets_is_refused_in_a_sentence()
    {
        var error = Assert.Throws<KernelException>(() => Attach.TrafficControl(
            new FakeKernel().Program(ProgramType.SchedClassifier), 1, AttachType.TcxEgress));
        Assert.Equal("attach tc egress of interface 1: netlink socket: ENOSYS", error.Message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AttachAndForget(Fired fired)
    {
        using var program = Classifier(fired, 4);
        Attach.TrafficControl(program, Loopback, AttachType.TcxIngress);
    }

    private static BpfProgram Classifier(Fired fired, int number) => fired.Program(ProgramType.SchedClassifier, number, -1);
}
