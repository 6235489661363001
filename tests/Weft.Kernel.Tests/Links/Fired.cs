using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Tests.Links;

/// <summary>What programs of networks saw, and packets for them to see.</summary>
internal sealed class Fired : IDisposable
{
    private readonly BpfMap _map = TestProgram.Ring();
    private readonly RingBufferReader _reader;

    public Fired() => _reader = new RingBufferReader(_map);

    /// <summary>A program that leaves a number each time it runs.</summary>
    public BpfProgram Program(ProgramType type, int number, int result, AttachType attachType = default, string section = "") =>
        TestProgram.Load(type, [Code.Move(7, 0), .. Code.Send(_map, number), .. Code.Exit(result)], attachType, section: section);

    /// <summary>The numbers since the last time, in their order.</summary>
    public long[] Numbers()
    {
        var numbers = new List<long>();
        _reader.Consume(record => numbers.Add(MemoryMarshal.Read<long>(record[8..])));
        return [.. numbers];
    }

    /// <summary>One packet by the loopback interface, which has come when this returns.</summary>
    public static void Packet()
    {
        using var socket = Datagrams();
        socket.SendTo("x"u8, socket.LocalEndPoint!);
        Assert.Equal(1, socket.Receive(new byte[8]));
    }

    /// <summary>One packet whose parts the kernel must find by itself.</summary>
    public static void RawPacket()
    {
        const int Loopback = 1;
        var address = new SocketAddress(AddressFamily.Packet, 20);
        (address[2], address[4]) = (8, Loopback);
        using var socket = new Socket(AddressFamily.Packet, SocketType.Dgram, 0);
        var packet = new byte[28];
        (packet[0], packet[3], packet[8], packet[9], packet[12], packet[16]) = (0x45, 28, 64, 17, 127, 127);
        Assert.Equal(28, socket.SendTo(packet, SocketFlags.None, address));
    }

    public static Socket Datagrams()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Two ends of a connection.</summary>
    public static (Socket Client, Socket Server) Connection()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        return (client, listener.Accept());
    }

    public void Dispose()
    {
        _reader.Dispose();
        _map.Dispose();
    }
}
