using Microsoft.AspNetCore.Builder;

namespace Weft.Xds.Serving;

/// <summary>Several mapped services, of which what a host asks for holds alike.</summary>
internal sealed class MappedServices(IReadOnlyCollection<IEndpointConventionBuilder> services) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var service in services)
        {
            service.Add(convention);
        }
    }

    public void Finally(Action<EndpointBuilder> finalConvention)
    {
        foreach (var service in services)
        {
            service.Finally(finalConvention);
        }
    }
}
