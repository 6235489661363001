using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Weft.Flow;

namespace Weft.Xds.Client;

/// <summary>
/// Follows an ADS server over delta streams: connects, reconnects, and publishes what it knows. While the server is
/// away the last good state stays.
/// </summary>
/// <param name="settings">Where the server is and who asks.</param>
/// <param name="check">Judges each resource.</param>
/// <param name="time">The clock of the delays between streams.</param>
/// <param name="dice">Evenly drawn from 0 (included) to 1 (excluded); spreads reconnects.</param>
/// <param name="logger">Told of connects, losses and refusals.</param>
public sealed class XdsClient(
    XdsClientSettings settings, ResourceCheck check, TimeProvider time, Func<double> dice, ILogger logger)
{
    private readonly DeltaClient _machine = new(settings.Node, check);
    private DeltaClientState _state = DeltaClientState.Initial;

    /// <summary>What the client knows.</summary>
    public Latest<XdsClientSnapshot> Snapshot { get; } = new(DeltaClientState.Initial.ToSnapshot());

    /// <summary>Runs until <paramref name="cancellation"/>; then ends without an error. Run it once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var channels = new ChannelSource(settings, logger);
        var failures = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var error = await FollowAsync(channels, cancellation);
            failures = _state.Connected ? 0 : failures + 1;
            Take(new DeltaInput.StreamClosed(error));
            if (!cancellation.IsCancellationRequested)
            {
                var delay = failures == 0
                    ? settings.ReconnectDelay * dice()
                    : settings.Backoff.Delay(failures, dice());
                XdsClientLog.StreamEnded(logger, settings.Server, error, delay.TotalMilliseconds);
                await Task.Delay(delay, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One stream from open to end; returns why it ended.</summary>
    private async Task<string> FollowAsync(ChannelSource channels, CancellationToken cancellation)
    {
        try
        {
            var (channel, headers) = channels.Next();
            using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel)
                .DeltaAggregatedResources(headers, cancellationToken: cancellation);
            await SendAsync(call, Take(new DeltaInput.StreamOpened()), cancellation);
            while (await call.ResponseStream.MoveNext(cancellation))
            {
                await SendAsync(call, Take(new DeltaInput.Received(call.ResponseStream.Current)), cancellation);
            }

            return "the server ended the stream";
        }
        catch (RpcException e)
        {
            return e.Status.ToString();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return "the client was stopped";
        }
    }

    private DeltaStep Take(DeltaInput input)
    {
        var step = _machine.Step(_state, input);
        foreach (var request in step.Send)
        {
            if (request.ErrorDetail is { } error)
            {
                XdsClientLog.Refused(logger, TypeUrl.ShortName(request.TypeUrl), error.Message);
            }
        }

        if (step.State.Connected && !_state.Connected)
        {
            XdsClientLog.Connected(logger, settings.Server);
        }

        if (step.State != _state)
        {
            _state = step.State;
            Snapshot.Set(_state.ToSnapshot());
        }

        return step;
    }

    private static async Task SendAsync(
        AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call,
        DeltaStep step,
        CancellationToken cancellation)
    {
        try
        {
            foreach (var request in step.Send)
            {
                await call.RequestStream.WriteAsync(request, cancellation);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            // The call has ended meanwhile, or its connection broke under the write or was told to go; the next read says why.
        }
    }
}
