using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Kernel.Tests.StructOps;

/// <summary>TCP over the loopback interface, with a congestion control.</summary>
internal static class Conversation
{
    private const int Tcp = 6;
    private const int Congestion = 13;

    /// <summary>Whether sockets may use it.</summary>
    public static bool IsThere(string control)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(Tcp, Congestion, Encoding.ASCII.GetBytes(control));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends some bytes with it, and waits until they have come.</summary>
    public static void Hold(string control)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.SetRawSocketOption(Tcp, Congestion, Encoding.ASCII.GetBytes(control));
        client.Connect(listener.LocalEndpoint);
        using var server = listener.AcceptSocket();
        for (var i = 0; i < 10; i++)
        {
            client.Send(new byte[1000]);
            server.Receive(new byte[1000]);
            server.Send([1]);
            client.Receive(new byte[1]);
        }
    }
}
