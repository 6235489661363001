using Weft.Flow;

namespace Weft.Model;

/// <summary>The routes of services and of gateways.</summary>
/// <param name="Compiled">What they were made of, for the next time.</param>
internal sealed record Routing(ServiceRoutes Services, SortedTable<ObjectName, Gateway> Gateways, CompiledRoutes Compiled)
{
    public static Routing None { get; } = new(ServiceRoutes.None, SortedTable<ObjectName, Gateway>.Empty, CompiledRoutes.None);

    public Routing Next(MeshObjects objects, ServiceIndex services, PolicyIndex policies, Findings findings)
    {
        var compiler = new RouteCompiler(services, policies, Compiled);
        return new(
            ServiceRoutes.Of(objects, services, compiler, Services, findings),
            GatewayComposer.Compose(objects, services, compiler, Gateways, findings),
            compiler.Compiled);
    }
}
