using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Testing;

/// <summary>
/// Loopback ports for programs that must be told a number. A server of ours listens on port 0 instead.
/// </summary>
/// <remarks>
/// All ports lie below the kernel's ephemeral range, so no outgoing connection takes one by accident. Test processes
/// that run side by side keep out of each other's way by blocks: the first port of a block is listened on for the life
/// of the process and makes the rest of it ours. A number is given out once in a process, after a trial bind.
/// </remarks>
public static class FreePorts
{
    private const int First = 10_000;
    private const int BlockSize = 50;
    private static readonly Lock Gate = new();
    private static readonly int Last = Math.Min(32_000, EphemeralStart());
    private static readonly List<Socket> Guards = [];
    private static int _nextBlock = First;
    private static int _next = First;

    /// <summary>A port that nobody listens on and that no other caller of this class gets.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                if (_next >= _nextBlock)
                {
                    ClaimBlock();
                }

                var port = _next++;
                using var trial = TryListen(port);
                if (trial is not null)
                {
                    return port;
                }
            }
        }
    }

    private static void ClaimBlock()
    {
        while (_nextBlock + BlockSize <= Last)
        {
            var start = _nextBlock;
            _nextBlock += BlockSize;
            if (TryListen(start) is { } guard)
            {
                Guards.Add(guard);
                _next = start + 1;
                return;
            }
        }

        throw new InvalidOperationException($"All ports from {First} to {Last} have been given out.");
    }

    // Listening counts, not binding: the runtime sets SO_REUSEADDR, with which two sockets may bind one port but not
    // both listen on it.
    private static Socket? TryListen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static int EphemeralStart()
    {
        const string File = "/proc/sys/net/ipv4/ip_local_port_range";
        var range = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : "32768 60999";
        var start = int.Parse(range.Split((char[])['\t', ' '])[0], CultureInfo.InvariantCulture);
        return start >= First + BlockSize ? start : 32_000;
    }
}
