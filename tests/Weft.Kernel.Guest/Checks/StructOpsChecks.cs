using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Congestion controls that are programs, used by sockets.</summary>
internal static class StructOpsChecks
{
    private const int Tcp = 6;
    private const int Congestion = 13;

    public static IEnumerable<Check> All =>
    [
        new("struct-ops", () => Used("plain", "weft_plain")),

        // Before 6.4 it is attached in the other way.
        new("struct-ops-link", () => Used("first", "weft_link")),
        new("struct-ops-replaced", Replaced),
    ];

    private static void Used(string map, string control)
    {
        using var loaded = Load();
        using (Attach.StructOps(loaded.Maps[map]))
        {
            Talk(control);
            Check.Holds(Number(loaded, "begun") > 0, "a socket began with it");
            Check.Holds(Number(loaded, "acknowledged") > 0, "it saw what was acknowledged");
        }

        Check.Throws<SocketException>(() => Talk(control));
    }

    private static void Replaced()
    {
        Check.NeedsLinux(6, 4);
        using var loaded = Load();
        using var link = Attach.StructOps(loaded.Maps["first"]);
        link.Update(loaded.Maps["second"]);
        Talk("weft_link");
        Check.Equal(0u, Number(loaded, "begun"), "sockets that began with the first");
        Check.Holds(Number(loaded, "begun_second") > 0, "a socket began with the second");
    }

    private static BpfObject Load()
    {
        if (Machine.Version < new Version(5, 13) && !Machine.HasSetting("CONFIG_BPF_JIT"))
        {
            throw new SkipException("operations need the JIT");
        }

        return BpfObject.Load(ObjectSpec.Open("/objects/congestion.o"), new() { PinFolder = null });
    }

    private static void Talk(string control)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.SetRawSocketOption(Tcp, Congestion, Encoding.ASCII.GetBytes(control));
        client.Connect(listener.LocalEndpoint);
        using var server = listener.AcceptSocket();
        client.Send(new byte[1000]);
        server.Receive(new byte[1000]);
        server.Send([1]);
        client.Receive(new byte[1]);
    }

    private static uint Number(BpfObject loaded, string variable)
    {
        var place = loaded.Spec.Variables[variable];
        var bytes = new byte[loaded.Maps[place.Map].ValueSize];
        Check.Holds(loaded.Maps[place.Map].TryLookup(stackalloc byte[4], bytes), "there is a value");
        return MemoryMarshal.Read<uint>(bytes.AsSpan(place.Offset));
    }
}
