using System.Globalization;
using Envoy.Config.Listener.V3;
using Weft.Model;

namespace Weft.Translation;

/// <summary>gRPC applications that take calls by themselves, configured by xDS (gRFC A36).</summary>
public static class GrpcServers
{
    /// <summary>How a server makes the name of its listener of the address it listens on; goes into its bootstrap.</summary>
    public const string NameTemplate = "grpc/server?xds.resource.listening_address=%s";

    // A server names the address as its program wrote it.
    private static readonly string[] Wildcards = ["0.0.0.0", "[::]"];

    internal static IEnumerable<Listener> Of(Workload workload, int port) =>
        Wildcards.Append(Bracketed(workload.Address)).Append("127.0.0.1").Append("[::1]").Distinct(StringComparer.Ordinal).Select(address =>
        {
            var listening = string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");
            return Listeners.GrpcServer(
                NameTemplate.Replace("%s", listening, StringComparison.Ordinal), address.Trim('[', ']'), port);
        });

    private static string Bracketed(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
}
