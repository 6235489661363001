using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

public static partial class Attach
{
    /// <summary>
    /// Attaches to the sockets that come into a map from now on: a socket takes the map's programs along when it comes in,
    /// and keeps them until it leaves, also where the link is detached or updated before. Linux 4.17, 4.14 for <c>sk_skb</c>, 5.13 for
    /// <c>sk_skb/verdict</c>; a link since 6.10, before which the program stays with the map where the process is killed.
    /// Needs <c>CAP_NET_ADMIN</c>.
    /// </summary>
    /// <param name="program">
    /// A program of type <see cref="ProgramType.SkMessage"/> or <see cref="ProgramType.SkSkb"/>; its
    /// <see cref="BpfProgram.AttachType"/> says which of the map's places it takes.
    /// </param>
    /// <param name="map">A map of type <see cref="MapType.SocketMap"/> or <see cref="MapType.SocketHash"/>.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink SocketMap(BpfProgram program, BpfMap map)
    {
        var hook = $"socket map {map.Name}: {program.AttachType}";
        var result = LinkCalls.Create(program, new() { Target = (uint)map.Descriptor.Number, AttachType = (uint)program.AttachType });
        GC.KeepAlive(map);
        return result == -Errno.Invalid
            ? ByDescriptor(program, map.Descriptor, hook, "for maps of sockets (Linux 6.10)", 0)
            : Linked(program, result, hook, "link_create", result == -Errno.Busy ? "the map has such a program" : null);
    }

    /// <summary>
    /// Attaches to one socket: the program says how many bytes of each packet the socket gets. Linux 3.19. The program goes
    /// with the socket, which the link does not keep open.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.SocketFilter"/>.</param>
    /// <param name="socket">The socket, such as <see cref="System.Net.Sockets.Socket.SafeHandle"/>.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink SocketFilter(BpfProgram program, SafeHandle socket) => SocketLink.Attach(
        program, socket, "socket filter", SocketLink.Filter, SocketLink.NoFilter);

    /// <summary>
    /// Attaches to a group of sockets that share a port: the program chooses the one that a packet or a connection goes to.
    /// Linux 4.5, 4.19 for <c>sk_reuseport</c>; it is detached alone since 5.3, and goes with the group.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.SkReuseport"/> or <see cref="ProgramType.SocketFilter"/>.</param>
    /// <param name="socket">A socket of the group, with <c>SO_REUSEPORT</c>.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink ReusePort(BpfProgram program, SafeHandle socket) => SocketLink.Attach(
        program, socket, "reuseport group", SocketLink.Choice, SocketLink.NoChoice);
}
