using Weft.Model;

namespace Weft.Translation;

/// <summary>What kind of proxy is to be configured. A closed set.</summary>
public abstract record ProxyClass
{
    private ProxyClass()
    {
    }

    /// <summary>The proxy beside a workload: its application's requests out, its peers' requests in.</summary>
    public sealed record Sidecar(ObjectName Workload) : ProxyClass;

    /// <summary>The proxy where requests enter the mesh.</summary>
    public sealed record Gateway(ObjectName Name) : ProxyClass;

    /// <summary>A gRPC application that routes for itself, in a namespace that short service names are looked up in.</summary>
    public sealed record Grpc(string Namespace) : ProxyClass;
}
