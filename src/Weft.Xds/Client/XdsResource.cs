using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Xds.Client;

/// <summary>A resource the client accepted.</summary>
/// <param name="Name">Its name in the protocol.</param>
/// <param name="Version">The server's version, opaque; sent back in <c>initial_resource_versions</c>.</param>
/// <param name="Body">The message as it came.</param>
/// <param name="Value">What <see cref="ResourceCheck"/> made of it; the same object as long as the bytes stay equal.</param>
/// <param name="RefersTo">The resources that it needs and that must be subscribed to by name.</param>
public sealed record XdsResource(
    string Name, string Version, Any Body, object? Value, ImmutableArray<ResourceReference> RefersTo);

/// <summary>The name of a resource that another one needs, such as the endpoints of a cluster.</summary>
/// <param name="TypeUrl">Its type: <see cref="TypeUrl.Endpoints"/>, <see cref="TypeUrl.Secret"/> or <see cref="TypeUrl.Route"/>.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ResourceReference(string TypeUrl, string Name);

/// <summary>A version of a resource the client refused. The last good version of it, if any, stays in force.</summary>
/// <param name="Version">The refused version.</param>
/// <param name="Error">Why, as told to the server.</param>
public sealed record XdsRejection(string Version, string Error);
