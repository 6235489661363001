using Envoy.Admin.V3;
using Envoy.Service.Status.V3;
using Google.Protobuf.WellKnownTypes;
using Generic = Envoy.Service.Status.V3.ClientConfig.Types.GenericXdsConfig;

namespace Weft.Xds.Statuses;

/// <summary>
/// Asks the streams of the clients that a request matches, and writes what they say as messages of the client status
/// discovery service (csds.proto, "from the management server's point of view").
/// </summary>
internal static class ClientStatusReport
{
    /// <summary>How many bytes of names and contents one answer may hold.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    // What a resource takes in an answer beside its name and content: versions, times, type.
    private const int BytesBeside = 256;

    // Loops answer at once, unless something in them does not come to an end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="ArgumentException">A matcher is none, or the answer is too large.</exception>
    public static async Task<ClientStatusResponse> MakeAsync(
        IEnumerable<XdsServer.Client> clients,
        ClientStatusRequest request,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var filter = NodeFilter.Of(request.NodeMatchers);
        var asked = clients.Select(client => (Client: client, Status: client.Status.Value))
            .Where(c => c.Status is { DisconnectedAt: null, Group: not null } && filter.Matches(c.Status.Node))
            .OrderBy(c => c.Status.Node.Id, StringComparer.Ordinal).ThenBy(c => c.Status.ConnectedAt);
        var response = new ClientStatusResponse();
        long bytes = 0;
        using var late = new CancellationTokenSource(Patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        foreach (var (client, status) in asked.ToList())
        {
            var config = new ClientConfig { Node = status.Node };
            bytes += status.Node.CalculateSize();
            var answer = await AskAsync(client, late.Token, over.Token);
            cancellation.ThrowIfCancellationRequested();
            foreach (var resource in Ordered(answer))
            {
                config.GenericXdsConfigs.Add(Message(resource, status.ConnectedAt, !request.ExcludeResourceContents));
                bytes += SizeOf(resource, !request.ExcludeResourceContents);
                ThrowIfTooMuch(bytes);
            }

            response.Config.Add(config);
        }

        return response;
    }

    // A stream that has ended meanwhile, or does not answer, has nothing to tell but whose it is.
    private static async Task<StreamStatus?> AskAsync(XdsServer.Client client, CancellationToken late, CancellationToken over)
    {
        try
        {
            return await client.Questions.AskAsync().WaitAsync(over);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IEnumerable<ResourceStatus> Ordered(StreamStatus? status) =>
        status is null ? [] : status.Resources.OrderBy(r => r.TypeUrl, StringComparer.Ordinal)
            .ThenBy(r => r.Name, StringComparer.Ordinal);

    private static Generic Message(ResourceStatus status, DateTimeOffset opened, bool withContent) => new()
    {
        TypeUrl = status.TypeUrl,
        Name = status.Name,
        VersionInfo = status.Resource?.Version ?? "",
        XdsConfig = withContent ? Content(status.Resource) : null,
        LastUpdated = At(status.SentAt, opened),
        ConfigStatus = status.State,
        ErrorState = status.Rejection is { } rejection ? Message(rejection, opened, withContent) : null,
    };

    private static UpdateFailureState Message(Rejection rejection, DateTimeOffset opened, bool withContent) => new()
    {
        Details = rejection.Error,
        VersionInfo = rejection.Resource.Version,
        LastUpdateAttempt = At(rejection.SentAt, opened),
        FailedConfiguration = withContent ? Content(rejection.Resource) : null,
    };

    // Whoever may see how clients are may not for that reason have their keys.
    private static Any? Content(XdsResource? resource) => resource?.TypeUrl == TypeUrl.Secret ? null : resource?.Any;

    private static Timestamp? At(TimeSpan? sent, DateTimeOffset opened) =>
        sent is { } after ? Timestamp.FromDateTimeOffset(opened + after) : null;

    private static long SizeOf(ResourceStatus status, bool withContent) =>
        BytesBeside + status.TypeUrl.Length + (3L * status.Name.Length) + (3L * status.Rejection?.Error.Length ?? 0)
        + (withContent ? (status.Resource?.Size ?? 0) + (status.Rejection?.Resource.Size ?? 0) : 0);

    private static void ThrowIfTooMuch(long bytes)
    {
        if (bytes > MostBytes)
        {
            throw new ArgumentException(
                $"The answer is larger than {MostBytes} bytes: ask for fewer clients (node_matchers), or without the "
                + "contents of resources (exclude_resource_contents).");
        }
    }
}
