using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Weft.Proxy.Filters;

namespace Weft.Proxy.Wasm;

/// <summary>Plugins in an application that is in a mesh.</summary>
public static class WeftPluginServices
{
    /// <summary>Lets the proxy of <c>AddWeftProxy</c> run proxy-wasm plugins. Without it they are rejected.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddWeftPlugins(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpFilterFactory, WasmFilterFactory>());
        return services;
    }
}
