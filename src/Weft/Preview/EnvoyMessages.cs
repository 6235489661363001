using System.Collections.Frozen;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Upstreams.Http.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Weft.Xds;

namespace Weft.Preview;

/// <summary>Envoy's messages by the URLs of their types.</summary>
internal static class EnvoyMessages
{
    private const string TypePrefix = "type.googleapis.com/";

    // What every mesh has. To know all types is to load all of Envoy's API, which takes longer than most previews.
    private static readonly FrozenDictionary<string, MessageParser> Usual = new Dictionary<string, MessageParser>
    {
        [TypeUrl.Cluster] = Cluster.Parser,
        [TypeUrl.Endpoints] = ClusterLoadAssignment.Parser,
        [TypeUrl.Listener] = Listener.Parser,
        [TypeUrl.Route] = RouteConfiguration.Parser,
        [TypePrefix + HttpConnectionManager.Descriptor.FullName] = HttpConnectionManager.Parser,
        [TypePrefix + HttpProtocolOptions.Descriptor.FullName] = HttpProtocolOptions.Parser,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly Lazy<FrozenDictionary<string, MessageParser>> All = new(() => EnvoyApi.EnvoyApi.Files
        .SelectMany(file => file.MessageTypes).SelectMany(WithNested).Where(type => type.Parser is not null)
        .DistinctBy(type => type.FullName)
        .ToFrozenDictionary(type => TypePrefix + type.FullName, type => type.Parser, StringComparer.Ordinal));

    /// <summary>A message of its bytes; null where its type is not known here, or they are none.</summary>
    public static IMessage? Of(string typeUrl, ByteString body)
    {
        try
        {
            return (Usual.GetValueOrDefault(typeUrl) ?? All.Value.GetValueOrDefault(typeUrl))?.ParseFrom(body);
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor type) =>
        type.NestedTypes.SelectMany(WithNested).Prepend(type);
}
