using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>Gateways with the routes that attach to them.</summary>
internal sealed class GatewayComposer(MeshObjects objects, ServiceIndex services, RouteCompiler compiler, Findings findings)
{
    private readonly Dictionary<ObjectName, SecretConfig> _secrets = objects.Secrets.ToDictionary(s => s.Name);
    private readonly GatewayAttachment _attachment = new(objects, findings);

    public static SortedTable<ObjectName, Gateway> Compose(
        MeshObjects objects, ServiceIndex services, RouteCompiler compiler, SortedTable<ObjectName, Gateway> former, Findings findings) =>
        new GatewayComposer(objects, services, compiler, findings).Compose(former);

    private SortedTable<ObjectName, Gateway> Compose(SortedTable<ObjectName, Gateway> former)
    {
        var gateways = SortedTable.Of(objects.Gateways.Select(
            g => KeyValuePair.Create(g.Name, Compose(g).Or(former.GetValueOrDefault(g.Name)))));
        _attachment.ReportMissing();
        return gateways;
    }

    private Gateway Compose(GatewayConfig config)
    {
        findings.Set("Gateway", config.Name, "", "Accepted", true, "Accepted");
        Refuse(config, "", config.Refused);
        // A route is right to name a listener that only waits for its certificate.
        var sound = config.Listeners.Where(l => IsSound(config, l)).ToList();
        var usable = sound.Where(l => HasCertificate(config, l)).ToList();
        var candidates = _attachment.To(config, sound)
            .GroupBy(a => a.Listener.Name, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key,
                g => g.SelectMany(a => Compiled(config, a.Route).Select(c => new Placed(c, a.Hosts))).ToList(),
                StringComparer.Ordinal);
        var ports = usable.GroupBy(l => l.Port).OrderBy(p => p.Key).Select(port => new GatewayPort(
            port.Key, port.First().Protocol, [.. port.Select(l => Compose(config, l, [.. port], candidates.GetValueOrDefault(l.Name, [])))]));
        return new(config.Name, config.Address, [.. ports]);
    }

    private ImmutableArray<Candidate> Compiled(GatewayConfig gateway, RouteConfig route)
    {
        var compiled = compiler.Compile(route, $"Gateway {gateway.Name}", needsGrants: true);
        findings.Add(compiled.Findings);
        return compiled.Candidates;
    }

    // A candidate, and the hosts that its route is for on the listener.
    private sealed record Placed(Candidate Candidate, ImmutableArray<string> Hosts);

    private GatewayListener Compose(GatewayConfig gateway, ListenerConfig listener, List<ListenerConfig> samePort, List<Placed> placed)
    {
        var own = listener.Host ?? HostPattern.Any;
        // A host that a narrower listener of the port is for belongs to that one, even if no route attaches there.
        bool IsMine(string host) => !samePort.Any(other =>
            other != listener && other.Host is { } narrower && narrower != own
            && HostPattern.Covers(own, narrower) && HostPattern.Covers(narrower, host));

        var hosts = placed.SelectMany(p => p.Hosts).Append(own).Distinct(StringComparer.Ordinal).Where(IsMine)
            .OrderByDescending(h => HostPattern.Width(h)).ThenBy(h => h, StringComparer.Ordinal)
            .Select(host => new GatewayHost(host, RoutesOf(host, placed)));
        return new(
            listener.Name, own,
            [.. listener.Certificates.Select(c => Certificate(gateway, listener, c)).OfType<Certificate>()], [.. hosts]);
    }

    // "Precedence must be given to rules from the HTTPRoute with the largest number of characters in a matching
    // non-wildcard hostname": the rules of wider hosts follow.
    private static ImmutableArray<Route> RoutesOf(string host, List<Placed> placed)
    {
        var fitting = placed
            .Select(p => (p.Candidate, Host: p.Hosts.Where(h => HostPattern.Covers(h, host)).MaxBy(HostPattern.Width)))
            .Where(p => p.Host is not null)
            .GroupBy(p => HostPattern.Width(p.Host!))
            .OrderByDescending(g => g.Key);
        return [.. fitting.SelectMany(g => RouteCompiler.InOrder(g.Select(p => p.Candidate)))];
    }

    private bool IsSound(GatewayConfig gateway, ListenerConfig listener)
    {
        findings.Set("Gateway", gateway.Name, listener.Name, "Accepted", true, "Accepted");
        findings.Set("Gateway", gateway.Name, listener.Name, "ResolvedRefs", true, "ResolvedRefs");
        Refuse(gateway, listener.Name, listener.Refused);
        if (gateway.Refused is not null || listener.Refused is not null)
        {
            return false;
        }

        var earlier = gateway.Listeners.TakeWhile(l => l != listener)
            .Where(l => l.Port == listener.Port && l.Refused is null).ToList();
        if (earlier.Find(l => l.Protocol != listener.Protocol) is { } other)
        {
            return Conflict("ProtocolConflict", $"port {listener.Port} speaks another protocol for the listener {other.Name}");
        }

        if (earlier.Find(l => (l.Host ?? HostPattern.Any) == (listener.Host ?? HostPattern.Any)) is { } twin)
        {
            return Conflict("HostnameConflict", $"the listener {twin.Name} has the same port and the same host");
        }

        return true;

        bool Conflict(string reason, string why)
        {
            var message = $"The listener {listener.Name} of Gateway {gateway.Name} has no effect: {why}.";
            findings.Warn("WEFT2008", listener.Where, message, "change the port or the host, or remove one of the two");
            findings.Set("Gateway", gateway.Name, listener.Name, "Accepted", false, reason, message);
            return false;
        }
    }

    private bool HasCertificate(GatewayConfig gateway, ListenerConfig listener)
    {
        if (listener.Protocol == ListenerProtocol.Http
            || listener.Certificates.Any(c => Certificate(gateway, listener, c) is not null))
        {
            return true;
        }

        // Without a certificate the port would answer every caller with a broken handshake.
        findings.Set("Gateway", gateway.Name, listener.Name, "Programmed", false, "Invalid", "no certificate is usable");
        return false;
    }

    private void Refuse(GatewayConfig gateway, string part, Refusal? refusal)
    {
        if (refusal is not null)
        {
            findings.Warn("WEFT2015", refusal.Where, refusal.Message, refusal.Fix);
            findings.Set("Gateway", gateway.Name, part, refusal.Condition, false, refusal.Reason, refusal.Message);
        }
    }

    private Certificate? Certificate(GatewayConfig gateway, ListenerConfig listener, CertificateRefConfig reference)
    {
        if (reference.Secret is not { } name)
        {
            return new($"{reference.CertificateFile}", null, reference.CertificateFile, reference.KeyFile);
        }

        var (reason, message, fix) =
            !services.Permits("Gateway", gateway.Name.Namespace, "Secret", name) ? (
                "RefNotPermitted", $"Gateway {gateway.Name} names the Secret {name} of another namespace, which no ReferenceGrant permits.",
                $"add a ReferenceGrant to {name.Namespace} from Gateway of {gateway.Name.Namespace} to Secret")
            : !_secrets.ContainsKey(name) ? (
                "InvalidCertificateRef", $"Gateway {gateway.Name} names the Secret {name}, which does not exist.",
                "add the Secret, or correct certificateRefs")
            : ("", "", "");
        if (reason.Length == 0)
        {
            var secret = _secrets[name];
            return new(name.ToString(), new(secret.Certificate, secret.Key), null, null);
        }

        findings.Warn("WEFT2009", reference.Where, message, fix);
        findings.Set("Gateway", gateway.Name, listener.Name, "ResolvedRefs", false, reason, message);
        return null;
    }
}
