using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Weft.Commands;

/// <summary>Starts a host, and says plainly when its address is taken.</summary>
internal static class Listening
{
    public static async Task StartAsync(IHost host, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A loop failed while the host was starting. The host is stopping, and its exit code says so.
        }
        catch (IOException e) when (e.InnerException is AddressInUseException or SocketException)
        {
            throw new CommandException($"{e.Message} Stop what listens there, or choose other addresses (--help).", e);
        }
    }
}
