using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Weft.Xds.Serving;
using Weft.Xds.Streams;
using Weft.Xds.Subscriptions;

namespace Weft.Xds.Frames;

/// <summary>Makes what a stream's machine takes of a request, from a message or from its bytes.</summary>
internal sealed class RequestFormat
{
    // discovery.proto; of a state-of-the-world request's version it matters only whether there is one.
    private static readonly RequestFields.Numbers SotwNumbers = new(Type: 4, Nonce: 5, Names: 3, MoreNames: 0, PassedOver: 1);
    private static readonly RequestFields.Numbers DeltaNumbers = new(Type: 2, Nonce: 6, Names: 3, MoreNames: 4, PassedOver: 0);

    private readonly NameSets _names = new();

    public static Asked Sotw(DiscoveryRequest request) => new(
        request.Node, new StreamInput.SotwRequest(
            TypeUrl.Interned(request.TypeUrl), request.ResponseNonce, XdsTpName.Canonical(request.ResourceNames), Text(request.ErrorDetail),
            request.VersionInfo.Length > 0));

    public static Asked Delta(DeltaDiscoveryRequest request) => new(
        request.Node, new StreamInput.DeltaRequest(
            TypeUrl.Interned(request.TypeUrl),
            request.ResponseNonce,
            XdsTpName.Canonical(request.ResourceNamesSubscribe),
            XdsTpName.Canonical(request.ResourceNamesUnsubscribe),
            Canonical(request.InitialResourceVersions.AsReadOnly()),
            Text(request.ErrorDetail)));

    private static IReadOnlyDictionary<string, string> Canonical(IReadOnlyDictionary<string, string> versions)
    {
        if (!versions.Any(version => XdsTpName.Canonical(version.Key) != version.Key))
        {
            return versions;
        }

        var canonical = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, version) in versions)
        {
            canonical[XdsTpName.Canonical(name)] = version;
        }

        return canonical;
    }

    public Asked Sotw(ReadOnlySpan<byte> message) => RequestFields.TryRead(message, SotwNumbers, out var fields)
        ? new(null, new StreamInput.SotwRequest(TypeUrl.Of(fields.Type.Value), fields.Nonce.Text, fields.Names.In(_names),
            HadVersion: fields.HasPassedOver))
        : Sotw(RequestLimits.Checked(DiscoveryRequest.Parser.ParseFrom(message)));

    public Asked Delta(ReadOnlySpan<byte> message) => RequestFields.TryRead(message, DeltaNumbers, out var fields)
        ? new(null, new StreamInput.DeltaRequest(
            TypeUrl.Of(fields.Type.Value),
            fields.Nonce.Text,
            fields.Names.In(_names),
            fields.MoreNames.In(_names),
            StreamInput.DeltaRequest.NoVersions))
        : Delta(RequestLimits.Checked(DeltaDiscoveryRequest.Parser.ParseFrom(message)));

    // "NACK is signified by the presence of error_detail", whatever it says; a client may say too much.
    private static string? Text(Google.Rpc.Status? error) => error?.Message is { Length: > StreamLimits.MaxErrorText } text
        ? text[..StreamLimits.MaxErrorText]
        : error?.Message;
}

/// <summary>What a client asks, and who it says it is, which only the first request of a stream need say.</summary>
internal readonly record struct Asked(Node? Node, StreamInput Input);
