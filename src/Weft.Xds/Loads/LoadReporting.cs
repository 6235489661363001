using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Weft.Xds.Serving;

namespace Weft.Xds.Loads;

/// <summary>
/// The gRPC service <c>envoy.service.load_stats.v3.LoadReportingService</c>: says once what is to be reported, then
/// takes reports until the client goes.
/// </summary>
internal sealed partial class LoadReporting(
    XdsServer server, StreamGate gate, LoadLedger ledger, IHostApplicationLifetime lifetime, ILogger<LoadReporting> logger)
    : LoadReportingService.LoadReportingServiceBase
{
    private readonly LoadStatsResponse _wanted = Wanted(server.Settings.LoadReports ?? new());

    public override async Task StreamLoadStats(
        IAsyncStreamReader<LoadStatsRequest> requestStream,
        IServerStreamWriter<LoadStatsResponse> responseStream,
        ServerCallContext context)
    {
        var gone = context.CancellationToken;
        using var guard = gate.Enter(context, static node => new AccessClaim.Loads(node));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping, guard.Refused);
        await using var age = server.Lifetimes.Begin(context, ending, ending);
        await StreamEnd.TellAsync(
            () => guard.RunAsync(() => TakeAsync(requestStream, responseStream, guard, ending.Token)),
            e => Log.StreamFailed(logger, e, context.Peer), gone, ending.Token);
    }

    private static LoadStatsResponse Wanted(LoadReportSettings settings) => new()
    {
        SendAllClusters = settings.Clusters is null,
        Clusters = { settings.Clusters ?? [] },
        LoadReportingInterval = Duration.FromTimeSpan(settings.Interval),
        ReportEndpointGranularity = settings.ByEndpoint,
    };

    private async Task TakeAsync(
        IAsyncStreamReader<LoadStatsRequest> requests,
        IServerStreamWriter<LoadStatsResponse> responses,
        StreamGuard guard,
        CancellationToken ending)
    {
        if (!await requests.MoveNext(ending))
        {
            return;
        }

        var node = LoadReading.NodeId(requests.Current);
        RequestLimits.Check(requests.Current.Node);
        guard.Take(requests.Current.Node);
        ledger.Enter(node);
        try
        {
            await responses.WriteAsync(_wanted, ending);
            // The first message only tells who it is, unless it has loads, too.
            if (requests.Current.ClusterStats.Count > 0)
            {
                ledger.Take(node, requests.Current);
            }

            while (await requests.MoveNext(ending))
            {
                guard.Take(null);
                ledger.Take(node, requests.Current);
            }
        }
        finally
        {
            ledger.Leave(node);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The load reports of {Peer} failed")]
        public static partial void StreamFailed(ILogger logger, Exception exception, string peer);
    }
}
