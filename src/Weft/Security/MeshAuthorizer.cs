using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Translation;
using Weft.Xds;

namespace Weft.Security;

/// <summary>
/// Who may be which node. A certificate of <c>spiffe://TRUST/ns/NAMESPACE/sa/NAME</c> may be <c>NAME.NAMESPACE</c> and
/// each <c>NAME-….NAMESPACE</c>; a token may be what its line says. Who shows both may what either gives.
/// </summary>
internal sealed class MeshAuthorizer(Latest<Credentials> inForce, TimeProvider time) : IClientAuthorizer
{
    public Task Changed => inForce.Current.Replaced;

    public AccessDecision Decide(ClientCredentials credentials, AccessClaim claim)
    {
        var doubts = new List<string>();
        var grants = GrantsOf(inForce.Value, credentials, doubts);
        if (grants.IsEmpty)
        {
            return AccessDecision.Unauthenticated(doubts.Count > 0 ? string.Join(" ", doubts) : Wanting(inForce.Value));
        }

        return claim switch
        {
            AccessClaim.Resources resources => NodeDecision(grants, resources.Node, doubts) ?? GroupDecision(resources.Node),
            AccessClaim.Loads loads => NodeDecision(grants, loads.Node, doubts) ?? AccessDecision.Allowed,
            AccessClaim.Status when !grants.Any(g => g.IsAdmin) => AccessDecision.Denied(
                $"{Names(grants)} may not see how others are: the token file grants it to nobody without '@admin'."),
            _ => AccessDecision.Allowed,
        };
    }

    private ImmutableArray<Grant> GrantsOf(Credentials known, ClientCredentials shown, List<string> doubts)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>();
        if (shown.Certificate is { } certificate && known.Authorities is { } authorities)
        {
            if (authorities.Refusal(certificate, shown.Intermediates, time.GetUtcNow()) is { } refusal)
            {
                doubts.Add($"The certificate '{certificate.Subject}' is not accepted: {refusal}.");
            }
            else if (SpiffeId.Of(certificate, out var error) is { } id)
            {
                grants.Add(new(id.ToString(), OwnNodes(id), false));
                if (known.Grants?.OfIdentity(id) is { } more)
                {
                    grants.Add(more);
                }
            }
            else
            {
                grants.Add(new($"The certificate '{certificate.Subject}'", [], false));
                doubts.Add($"It says of no node that it is its: {error}.");
            }
        }

        if (shown.Token is { } token && known.Grants is { } table)
        {
            if (table.OfToken(token) is { } grant)
            {
                grants.Add(grant);
            }
            else
            {
                doubts.Add("The token is not known here (any more).");
            }
        }

        return grants.ToImmutable();
    }

    private static ImmutableArray<NodePattern> OwnNodes(SpiffeId id) =>
        [NodePattern.Exact(id.Account, id.Namespace), NodePattern.Prefix($"{id.Account}-", id.Namespace)];

    private static AccessDecision? NodeDecision(ImmutableArray<Grant> grants, Node node, List<string> doubts)
    {
        var name = NodeGroup.NameOf(node.Id);
        var patterns = grants.SelectMany(g => g.Nodes).ToList();
        if (patterns.Any(p => p.Matches(name)))
        {
            return null;
        }

        var others = patterns.Count == 0 ? "nor any other" : $"only {string.Join(", ", patterns)}";
        return AccessDecision.Denied(string.Join(
            " ", [$"{Names(grants)} may not be node '{node.Id}', {others}.", .. doubts]));
    }

    // A node also says of which group it is. What it may be by its id must not lead to what another one gets.
    private static AccessDecision GroupDecision(Node node)
    {
        var name = NodeGroup.NameOf(node.Id);
        var group = NodeGroup.Of(node);
        return group == NodeGroup.Unknown
            || group == NodeGroup.Of(NodeGroup.ProxyOf(name, isGateway: false))
            || group == NodeGroup.Of(NodeGroup.ProxyOf(name, isGateway: true))
            || group == NodeGroup.Of(new ProxyClass.Grpc(name.Namespace))
                ? AccessDecision.Allowed
                : AccessDecision.Denied(
                    $"Node '{node.Id}' may not ask for what the group '{group}' gets (node.metadata.weft.group).");
    }

    private static string Names(ImmutableArray<Grant> grants) => string.Join(" and ", grants.Select(g => g.Name).Distinct());

    private static string Wanting(Credentials known) => (known.Authorities, known.Grants) switch
    {
        (not null, not null) => "No credentials: show a certificate of the client CA, or send 'authorization: Bearer TOKEN'.",
        (null, _) => "No credentials: send 'authorization: Bearer TOKEN'.",
        _ => "No credentials: show a certificate of the client CA.",
    };
}
