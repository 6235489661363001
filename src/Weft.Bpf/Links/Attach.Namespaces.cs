using Weft.Bpf.Kernel;

namespace Weft.Bpf;

public static partial class Attach
{
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    /// <summary>
    /// Attaches to a network namespace: how its packets are dissected into flows, or which socket a packet that comes in is
    /// for. Linux 5.8 for <c>flow_dissector</c> (4.20 for the thread's own namespace, without a link), 5.9 for
    /// <c>sk_lookup</c>. Needs <c>CAP_NET_ADMIN</c>.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.FlowDissector"/> or <see cref="ProgramType.SkLookup"/>.</param>
    /// <param name="path">
    /// The namespace, such as <c>/run/netns/NAME</c> or <c>/proc/PROCESS/ns/net</c>; null for that of the calling thread.
    /// </param>
    /// <exception cref="KernelException">The kernel refused it, or there is no such namespace.</exception>
    public static BpfLink NetworkNamespace(BpfProgram program, string? path = null)
    {
        var kernel = program.Kernel;
        var hook = $"network namespace {path ?? "of the thread"}: {program.AttachType}";
        var opened = kernel.Open(path ?? OwnNamespace, 0);
        if (opened < 0)
        {
            throw AttachHints.Refused(opened, hook, "open", opened == -Errno.NoEntry ? "there is no such namespace" : null);
        }

        using var target = BpfDescriptor.Of(kernel, opened, hook);
        var result = LinkCalls.Create(program, new() { Target = (uint)target.Number, AttachType = (uint)program.AttachType });
        return result == -Errno.Invalid && path is null && program.Type == ProgramType.FlowDissector
            ? OlderLink.Attach(program, null, hook, "for network namespaces (Linux 5.8)", Namespaces, 0)
            : Linked(program, result, hook, "link_create", Namespaces(result));
    }

    /// <summary>
    /// Attaches to a hook of netfilter in the network namespace of the calling thread. Linux 6.4 with
    /// <c>CONFIG_NETFILTER_BPF_LINK</c>; needs <c>CAP_NET_ADMIN</c>. Such a link keeps its program.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.Netfilter"/>: it returns 0 to drop a packet and 1 to let it by.</param>
    /// <param name="family">Which packets.</param>
    /// <param name="hook">Where on their way.</param>
    /// <param name="priority">
    /// Programs run from the least to the greatest, each at its own; neither the least number of all nor the greatest may be used.
    /// </param>
    /// <param name="defragments">Whether packets are put together before; the priority must be above -400.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink Netfilter(
        BpfProgram program, NetfilterFamily family, NetfilterHook hook, int priority, bool defragments = false)
    {
        var result = LinkCalls.Create(program, new()
        {
            AttachType = (uint)AttachType.Netfilter,
            Family = (uint)family,
            HookNumber = (uint)hook,
            Priority = priority,
            NetfilterFlags = defragments ? 1u : 0,
        });
        return Linked(program, result, $"netfilter {family} {hook} at {priority}", "link_create", result switch
        {
            -Errno.Invalid or -Errno.NotSupported =>
                "it needs Linux 6.4 with CONFIG_NETFILTER_BPF_LINK, a priority between the ends, and one above -400 to defragment",
            -Errno.Busy => "something else is attached with this priority",
            -Errno.NoEntry => "to defragment it needs the modules nf_defrag_ipv4 and nf_defrag_ipv6",
            _ => null,
        });
    }

    private static string? Namespaces(long result) => result switch
    {
        -Errno.Invalid =>
            "it needs Linux 5.8 (5.9 for sk_lookup), and a file of a network namespace; flow dissectors of one namespace shut out those of others",
        -Errno.TooBig => "no more programs can be attached to this namespace",
        -Errno.Exists or -Errno.Busy => "a flow dissector is attached to this namespace, or to the first one, which is for all",
        _ => null,
    };
}
