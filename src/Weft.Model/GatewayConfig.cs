using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>A <c>Gateway</c> of the Gateway API: where requests enter the mesh.</summary>
/// <param name="Address">The IP address that it binds; loopback where the object says none.</param>
/// <param name="Refused">Why it has no effect as a whole; null where it has.</param>
public sealed record GatewayConfig(
    ObjectName Name, string Address, ImmutableArray<ListenerConfig> Listeners, SourcePosition Where, Refusal? Refused = null)
{
    /// <summary>The labels of the object.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>What a listener of a gateway speaks.</summary>
public enum ListenerProtocol
{
    /// <summary>HTTP/1.1 and HTTP/2 without TLS.</summary>
    Http,

    /// <summary>HTTP/1.1 and HTTP/2 within TLS that ends at the gateway.</summary>
    Https,
}

/// <summary>A listener of a gateway.</summary>
/// <param name="Host">The host that it is for, literal or with <c>*</c> as first label; null for all.</param>
/// <param name="Certificates">References to <c>Secret</c>s with certificate and key.</param>
/// <param name="Kinds">The kinds of routes that may attach.</param>
/// <param name="Refused">Why it has no effect; null where it has.</param>
public sealed record ListenerConfig(
    string Name,
    int Port,
    ListenerProtocol Protocol,
    string? Host,
    ImmutableArray<CertificateRefConfig> Certificates,
    RouteNamespaces Namespaces,
    ImmutableArray<RouteKind> Kinds,
    SourcePosition Where,
    Refusal? Refused = null);

/// <summary>A certificate with its key: a <c>Secret</c>, or two files on the gateway's machine.</summary>
/// <param name="Secret">Null where the files are named.</param>
public sealed record CertificateRefConfig(ObjectName? Secret, string? CertificateFile, string? KeyFile, SourcePosition Where);

/// <summary>From which namespaces routes may attach to a listener.</summary>
/// <param name="From"><c>Same</c>, <c>All</c>, <c>None</c> or <c>Selector</c>.</param>
/// <param name="Labels">With <c>Selector</c>: labels that the namespace must have.</param>
public sealed record RouteNamespaces(string From, ImmutableSortedDictionary<string, string> Labels)
{
    /// <summary>With <c>Selector</c>: what else must hold of the labels.</summary>
    public ImmutableArray<LabelRequirement> Expressions { get; init; } = [];
}

/// <summary>A condition on one label, as Kubernetes' selectors have it.</summary>
/// <param name="Operator"><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</param>
public sealed record LabelRequirement(string Key, string Operator, ImmutableArray<string> Values)
{
    /// <summary>Whether it holds of a label's value, null where there is no such label.</summary>
    public bool Holds(string? value) => Operator switch
    {
        "In" => value is not null && Values.Contains(value),
        // "NotIn" holds also where there is no such label.
        "NotIn" => value is null || !Values.Contains(value),
        "Exists" => value is not null,
        _ => value is null,
    };
}

/// <summary>A <c>ReferenceGrant</c>: objects of other namespaces may refer to these of its own.</summary>
public sealed record ReferenceGrantConfig(
    ObjectName Name, ImmutableArray<GrantFromConfig> From, ImmutableArray<GrantToConfig> To, SourcePosition Where);

/// <summary>Who may refer.</summary>
public sealed record GrantFromConfig(string Group, string Kind, string Namespace);

/// <summary>What may be referred to.</summary>
/// <param name="Name">Null for all of the kind.</param>
public sealed record GrantToConfig(string Group, string Kind, string? Name);

/// <summary>A <c>Secret</c> of type <c>kubernetes.io/tls</c>: a certificate chain and its key, both PEM.</summary>
public sealed record SecretConfig(
    ObjectName Name, ImmutableArray<byte> Certificate, ImmutableArray<byte> Key, SourcePosition Where);

/// <summary>A <c>Namespace</c>, whose labels gateways may ask for.</summary>
public sealed record NamespaceConfig(string Name, ImmutableSortedDictionary<string, string> Labels, SourcePosition Where);
