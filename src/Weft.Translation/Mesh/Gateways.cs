using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;

namespace Weft.Translation;

/// <summary>Gateways in Envoy's words: one listener for each port, routes by host, certificates by SDS.</summary>
internal sealed class Gateways(Listeners listeners, Func<ObjectName, int, TrafficPolicy> policyOf)
{
    private const string AnyHost = "*";

    public IEnumerable<IMessage> Of(Gateway gateway)
    {
        var ports = gateway.Ports.Where(p => !p.Listeners.IsEmpty).ToList();
        foreach (var use in gateway.Plugins.Where(u => ports.Exists(p => u.Ports.Contains(p.Port))))
        {
            yield return PluginFilters.Resource(use.Plugin);
        }

        foreach (var port in ports)
        {
            var plugins = gateway.Plugins.Where(u => u.Ports.Contains(port.Port)).Select(u => u.Plugin).ToList();
            var name = $"gateway-{port.Port}";
            var routes = new Routes(forGrpc: false, port.Port, policyOf);
            if (port.Protocol == ListenerProtocol.Http)
            {
                // Without TLS nothing tells listeners apart but the Host header: their hosts stand side by side.
                yield return RoutesOf(name, port.Listeners.SelectMany(l => l.Hosts), routes);
                yield return Listeners.Gateway(name, gateway.Address, port.Port, [listeners.GatewayChain(name, plugins)]);
                continue;
            }

            foreach (var listener in port.Listeners)
            {
                yield return RoutesOf($"{name}-{listener.Name}", listener.Hosts, routes);
            }

            foreach (var certificate in port.Listeners.SelectMany(l => l.Certificates).Where(c => c.Pem is not null).DistinctBy(c => c.Name))
            {
                yield return SecretOf(certificate);
            }

            var made = Listeners.Gateway(
                name, gateway.Address, port.Port,
                port.Listeners.Select(l => TlsChain($"{name}-{l.Name}", l, plugins)));
            made.ListenerFilters.Add(new ListenerFilter
            {
                Name = "envoy.filters.listener.tls_inspector",
                TypedConfig = Any.Pack(new Envoy.Extensions.Filters.Listener.TlsInspector.V3.TlsInspector()),
            });
            yield return made;
        }
    }

    private static RouteConfiguration RoutesOf(string name, IEnumerable<GatewayHost> hosts, Routes routes)
    {
        var made = new RouteConfiguration { Name = name, IgnorePortInHostMatching = true };
        foreach (var host in hosts)
        {
            var virtualHost = new VirtualHost { Name = host.Host, Domains = { host.Host } };
            virtualHost.Routes.AddRange(routes.Of(host.Routes));
            made.VirtualHosts.Add(virtualHost);
        }

        return made;
    }

    private FilterChain TlsChain(string routes, GatewayListener listener, IEnumerable<Plugin> plugins)
    {
        var chain = listeners.GatewayChain(routes, plugins);
        chain.Name = listener.Name;
        if (listener.Host != AnyHost)
        {
            chain.FilterChainMatch = new() { ServerNames = { listener.Host } };
        }

        var tls = new CommonTlsContext { AlpnProtocols = { "h2", "http/1.1" } };
        foreach (var certificate in listener.Certificates)
        {
            if (certificate.Pem is null)
            {
                tls.TlsCertificates.Add(new TlsCertificate
                {
                    CertificateChain = new DataSource { Filename = certificate.CertificateFile },
                    PrivateKey = new DataSource { Filename = certificate.KeyFile },
                });
            }
            else
            {
                tls.TlsCertificateSdsSecretConfigs.Add(new SdsSecretConfig { Name = certificate.Name, SdsConfig = Clusters.Ads() });
            }
        }

        chain.TransportSocket = new TransportSocket
        {
            Name = "envoy.transport_sockets.tls",
            TypedConfig = Any.Pack(new DownstreamTlsContext { CommonTlsContext = tls }),
        };
        return chain;
    }

    private static Secret SecretOf(Certificate certificate) => new()
    {
        Name = certificate.Name,
        TlsCertificate = new()
        {
            CertificateChain = new DataSource { InlineBytes = ByteString.CopyFrom([.. certificate.Pem!.Chain]) },
            PrivateKey = new DataSource { InlineBytes = ByteString.CopyFrom([.. certificate.Pem.Key]) },
        },
    };
}
