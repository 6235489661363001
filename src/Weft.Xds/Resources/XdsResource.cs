using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Weft.Flow;
using Weft.Xds.Frames;
using DiscoveryResource = Envoy.Service.Discovery.V3.Resource;

namespace Weft.Xds;

/// <summary>
/// One resource of one version. It is serialised and hashed once, here; its bytes are shared by every stream of
/// both protocols. Immutable and safe for any number of threads.
/// </summary>
public sealed partial class XdsResource
{
    // Made when they are first needed; two threads make equal ones.
    private ResourceFrame? _frame;
    private ImmutableArray<XdsResource> _alone;

    private XdsResource(
        string typeUrl, string name, ByteString body, References references, ImmutableArray<string> aliases, Lifetime? lifetime = null)
    {
        TypeUrl = typeUrl;
        Name = name = XdsTpName.Canonical(name);
        Body = body;
        (Aliases, Lifetime) = (aliases, lifetime);
        Hash = HashOf(typeUrl, name, body, aliases, lifetime);
        Version = Hash.ToString();
        References = references;
        Any = new Any { TypeUrl = typeUrl, Value = body };
        Envelope = new DiscoveryResource { Name = name, Version = Version, Resource_ = Any };
        Size = Envelope.CalculateSize() + (lifetime is null ? 0 : Lifetime.MostBytes);
        Kept = this;
    }

    /// <summary>The type URL, such as <see cref="TypeUrl.Cluster"/>.</summary>
    public string TypeUrl { get; }

    /// <summary>
    /// The name that clients subscribe to; unique within a type. Of an <c>xdstp://</c> name the canonical spelling, in
    /// which clients may ask for it or not (<see cref="XdsTpName"/>).
    /// </summary>
    public string Name { get; }

    /// <summary>The serialised message.</summary>
    public ByteString Body { get; }

    /// <summary>Other names that delta clients may ask for it by; they are answered under <see cref="Name"/>.</summary>
    public ImmutableArray<string> Aliases { get; }

    /// <summary>
    /// How long a client keeps it after it has heard of it last; null, the usual, for as long as it is not told otherwise.
    /// It goes only to clients whose node has the feature <c>xds.config.supports-resource-ttl</c> (in state of the world
    /// <c>xds.config.supports-resource-in-sotw</c>, too), which are told of the resource again each third of this time,
    /// for as long as they are connected. Other clients keep it.
    /// </summary>
    public TimeSpan? TimeToLive => Lifetime?.Span;

    /// <summary>The hash of type, name and body, and of aliases and time to live where it has any.</summary>
    public ContentHash Hash { get; }

    /// <summary><see cref="Hash"/> as text: the version that delta clients see. It changes exactly when the content does.</summary>
    public string Version { get; }

    /// <summary>
    /// The resources that a client asks for on this same stream once it has this one, and without which it does not
    /// use it: a cluster's assignment, a listener's routes.
    /// </summary>
    internal ImmutableArray<string> Needs => References.Needs;

    /// <summary>The extension configurations that a listener takes from this same stream.</summary>
    internal ImmutableArray<string> ExtensionConfigs => References.ExtensionConfigs;

    private References References { get; }

    /// <summary>Nothing but this: what most responses hold, in one list for all streams.</summary>
    internal ImmutableArray<XdsResource> Alone => _alone.IsDefault ? _alone = [this] : _alone;

    /// <summary>Its time to live, as it is sent; null where it has none.</summary>
    internal Lifetime? Lifetime { get; }

    /// <summary>The shared message for state-of-the-world responses. Nobody may change it.</summary>
    internal Any Any { get; }

    /// <summary>How many bytes it takes in a response, at the most.</summary>
    internal int Size { get; }

    /// <summary>Its bytes on the wire.</summary>
    internal ResourceFrame Frame => _frame ??= new(this);

    /// <summary>The shared message for delta responses. Nobody may change it.</summary>
    internal DiscoveryResource Envelope { get; }

    /// <summary>A resource of bytes that are already serialised; they are sent as they are.</summary>
    /// <param name="typeUrl">The type URL, <c>type.googleapis.com/…</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="body">The serialised message; it need not be of a type known here.</param>
    /// <exception cref="ArgumentException">The type URL or the name is empty.</exception>
    public static XdsResource Create(string typeUrl, string name, ByteString body)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeUrl);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(body);
        return new(typeUrl, name, body, References.Of(typeUrl, body), []);
    }

    /// <summary>A resource of a message, named by its field <c>name</c> (<c>cluster_name</c> for an assignment).</summary>
    /// <exception cref="ArgumentException">The message has no such field, or it is empty.</exception>
    public static XdsResource Create(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var name = NameOf(message);
        ArgumentException.ThrowIfNullOrEmpty(name, nameof(message));
        return new("type.googleapis.com/" + message.Descriptor.FullName, name, message.ToByteString(), References.Of(message), []);
    }

    /// <summary>The same resource with another time to live, or with none. That is another version of it.</summary>
    /// <param name="timeToLive">From 100 milliseconds to 100 days; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of these bounds.</exception>
    public XdsResource WithTimeToLive(TimeSpan? timeToLive) => timeToLive == TimeToLive
        ? this
        : new(TypeUrl, Name, Body, References, Aliases, timeToLive is { } span ? Lifetime.Of(span) : null);

    /// <inheritdoc/>
    public override string ToString() => $"{Xds.TypeUrl.ShortName(TypeUrl)} {Name} {Version[..8]}";

    private static string NameOf(IMessage message) => message switch
    {
        Cluster cluster => cluster.Name,
        ClusterLoadAssignment assignment => assignment.ClusterName,
        _ => message.Descriptor.FindFieldByName("name") is { FieldType: FieldType.String, IsRepeated: false } field
            ? (string)field.Accessor.GetValue(message)
            : throw new ArgumentException($"{message.Descriptor.FullName} has no field 'name': say its name.", nameof(message)),
    };
}
