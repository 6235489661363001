using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>Whether a gateway came out as it was. Its routes are the same only if they are the same objects.</summary>
internal static class GatewayIdentity
{
    /// <summary>The former one, if it is the same.</summary>
    public static Gateway Or(this Gateway made, Gateway? former) =>
        former is not null && made with { Ports = former.Ports } == former && Same(made.Ports, former.Ports, Same) ? former : made;

    private static bool Same(GatewayPort one, GatewayPort other) =>
        one with { Listeners = other.Listeners } == other && Same(one.Listeners, other.Listeners, Same);

    private static bool Same(GatewayListener one, GatewayListener other) =>
        one with { Certificates = other.Certificates, Hosts = other.Hosts } == other
        && one.Certificates.SequenceEqual(other.Certificates) && Same(one.Hosts, other.Hosts, Same);

    private static bool Same(GatewayHost one, GatewayHost other) =>
        one.Host == other.Host && Same(one.Routes, other.Routes, ReferenceEquals);

    private static bool Same<T>(ImmutableArray<T> some, ImmutableArray<T> others, Func<T, T, bool> same) =>
        some.Length == others.Length && some.Zip(others).All(pair => same(pair.First, pair.Second));
}
