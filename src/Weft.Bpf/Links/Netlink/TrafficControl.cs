using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Netlink;

/// <summary>One interface's classic traffic control, as far as programs are attached by it.</summary>
internal sealed class TrafficControl(NetlinkSocket socket, int device)
{
    private const ushort NewQueue = 36, DeleteQueue = 37, NewFilter = 44, DeleteFilter = 45, AskFilter = 46;
    private const ushort Kind = 1, FilterOptions = 2;
    private const ushort ProgramDescriptor = 6, ProgramName = 7, ProgramFlags = 8, ProgramId = 11;
    private const uint DirectAction = 1;

    private const uint Root = 0xFFFFFFF1;
    private const uint QueueHandle = 0xFFFF0000;
    private const uint Ingress = 0xFFFFFFF2;
    private const uint Egress = 0xFFFFFFF3;

    private const NetlinkFlags Asking = NetlinkFlags.Request | NetlinkFlags.Acknowledge;

    // All protocols, 0x0003 in the order of the network.
    private static readonly uint AnyProtocol = BitConverter.IsLittleEndian ? 0x0300u : 0x0003u;

    public static uint Parent(bool isIngress) => isIngress ? Ingress : Egress;

    /// <summary>Makes the queue that classic filters of both directions stand on.</summary>
    /// <returns>An error; <c>EEXIST</c> where there is one already.</returns>
    public NetlinkEnd MakeQueue() => socket.Ask(
        new NetlinkRequest(NewQueue, Asking | NetlinkFlags.Create | NetlinkFlags.Exclusive).Add(Message(Root, QueueHandle, 0)).Text(Kind, "clsact"));

    public NetlinkEnd RemoveQueue() => socket.Ask(new NetlinkRequest(DeleteQueue, Asking).Add(Message(Root, QueueHandle, 0)));

    /// <summary>Adds a filter, or puts another program in its place.</summary>
    /// <param name="place">Where; zeros are chosen by the kernel.</param>
    /// <param name="flags"><see cref="NetlinkFlags.Create"/>, <see cref="NetlinkFlags.Exclusive"/>.</param>
    /// <param name="made">Where it stands.</param>
    public NetlinkEnd SetFilter(FilterPlace place, NetlinkFlags flags, BpfProgram program, out FilterState made)
    {
        FilterState? seen = null;
        using var use = new DescriptorUse(program.Descriptor);
        var number = use.Number;
        var request = new NetlinkRequest(NewFilter, Asking | NetlinkFlags.Echo | flags).Add(Message(place)).Text(Kind, "bpf")
            .Nested(FilterOptions, options => options
                .Number(ProgramDescriptor, number).Text(ProgramName, program.Name).Number(ProgramFlags, DirectAction));
        var end = socket.Ask(request, (type, body) => seen ??= type == NewFilter ? Read(body) : null);
        made = seen ?? new(place, 0);
        return end;
    }

    public NetlinkEnd RemoveFilter(FilterPlace place) =>
        socket.Ask(new NetlinkRequest(DeleteFilter, Asking).Add(Message(place)).Text(Kind, "bpf"));

    /// <summary>What stands at a place.</summary>
    public NetlinkEnd GetFilter(FilterPlace place, out FilterState? found)
    {
        FilterState? seen = null;
        var end = socket.Ask(
            new NetlinkRequest(AskFilter, Asking).Add(Message(place)).Text(Kind, "bpf"),
            (type, body) => seen ??= type == NewFilter ? Read(body) : null);
        found = seen;
        return end;
    }

    /// <summary>Whether no filter stands in either direction; no where the kernel does not tell.</summary>
    public bool IsEmpty()
    {
        var count = 0;
        return new[] { Ingress, Egress }.All(parent => socket.Ask(
            new NetlinkRequest(AskFilter, NetlinkFlags.Request | NetlinkFlags.Dump).Add(Message(parent, 0, 0)),
            (_, _) => count++).Result == 0) && count == 0;
    }

    private static FilterState Read(byte[] body)
    {
        var reader = new BoundedReader(body, !BitConverter.IsLittleEndian, "netlink answer");
        var size = Marshal.SizeOf<TrafficMessage>();
        var place = new FilterPlace(reader.UInt32(12), reader.UInt32(8), (ushort)(reader.UInt32(16) >> 16));
        var options = NetlinkAnswer.Find(reader.Slice(size, body.Length - size), FilterOptions);
        var id = NetlinkAnswer.Find(options, ProgramId);
        return new(place, id.Length == sizeof(uint) ? MemoryMarshal.Read<uint>(id) : 0);
    }

    private TrafficMessage Message(FilterPlace place) =>
        Message(place.Parent, place.Handle, ((uint)place.Priority << 16) | AnyProtocol);

    private TrafficMessage Message(uint parent, uint handle, uint info) =>
        new() { Device = device, Handle = handle, Parent = parent, Info = info };

    /// <summary><c>struct tcmsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TrafficMessage
    {
        public uint Family;
        public int Device;
        public uint Handle;
        public uint Parent;
        public uint Info;
    }
}

/// <summary>Where a filter stands.</summary>
internal readonly record struct FilterPlace(uint Parent, uint Handle, ushort Priority);

/// <summary>A filter as the kernel tells of it.</summary>
/// <param name="ProgramId">The number of its program; 0 where it is not told.</param>
internal readonly record struct FilterState(FilterPlace Place, uint ProgramId);
