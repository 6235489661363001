using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Xds.Client;

/// <summary>
/// Judges one resource: decodes it, or says why it cannot be used. Must be pure, and must not throw except
/// <see cref="Google.Protobuf.InvalidProtocolBufferException"/>, which counts as a refusal.
/// </summary>
/// <param name="typeUrl">The type, one of <see cref="TypeUrl"/>.</param>
/// <param name="name">The resource's name in the protocol.</param>
/// <param name="body">The packed message.</param>
public delegate ResourceVerdict ResourceCheck(string typeUrl, string name, Any body);

/// <summary>What a <see cref="ResourceCheck"/> found.</summary>
public sealed record ResourceVerdict
{
    private ResourceVerdict(string? error, object? value, ImmutableArray<ResourceReference> refersTo)
    {
        Error = error;
        Value = value;
        RefersTo = refersTo;
    }

    /// <summary>Why the resource is refused; null where it is accepted.</summary>
    public string? Error { get; }

    /// <summary>What was made of an accepted resource.</summary>
    public object? Value { get; }

    /// <summary>What an accepted resource needs by name.</summary>
    public ImmutableArray<ResourceReference> RefersTo { get; }

    /// <summary>The resource is good.</summary>
    /// <param name="value">What was made of it; published as <see cref="XdsResource.Value"/>.</param>
    /// <param name="refersTo">What it needs by name.</param>
    public static ResourceVerdict Accept(object? value, params ImmutableArray<ResourceReference> refersTo) =>
        new(null, value, refersTo);

    /// <summary>The resource is refused (NACK); other resources of the same response are not concerned.</summary>
    /// <param name="error">Why, in a sentence for the operator of the server.</param>
    public static ResourceVerdict Reject(string error) => new(error, null, []);
}
