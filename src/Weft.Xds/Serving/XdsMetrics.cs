using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace Weft.Xds.Serving;

/// <summary>The instruments of the meter <c>Weft.Xds</c>.</summary>
internal sealed class XdsMetrics
{
    /// <summary>The meter's name, to be given to an exporter.</summary>
    public const string MeterName = "Weft.Xds";

    private readonly UpDownCounter<long> _streams;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _responses;
    private readonly Counter<long> _resources;
    private readonly Counter<long> _acks;
    private readonly Counter<long> _nacks;
    private readonly Counter<long> _refusals;

    public XdsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _streams = meter.CreateUpDownCounter<long>("weft.xds.streams", "{stream}", "Streams that are open.");
        _failures = meter.CreateCounter<long>("weft.xds.stream.failures", "{failure}", "Streams ended by an error of the server.");
        _requests = meter.CreateCounter<long>("weft.xds.requests", "{request}", "Discovery requests received.");
        _responses = meter.CreateCounter<long>("weft.xds.responses", "{response}", "Discovery responses sent.");
        _resources = meter.CreateCounter<long>("weft.xds.resources", "{resource}", "Resources sent.");
        _acks = meter.CreateCounter<long>("weft.xds.acks", "{request}", "Responses that a client accepted.");
        _nacks = meter.CreateCounter<long>("weft.xds.nacks", "{request}", "Responses that a client rejected.");
        _refusals = meter.CreateCounter<long>("weft.xds.refusals", "{call}", "Calls that were refused or cut off, by status.");
    }

    public IDisposable StreamOpened(bool isDelta)
    {
        var tag = new KeyValuePair<string, object?>("protocol", isDelta ? "delta" : "sotw");
        _streams.Add(1, tag);
        return new Closing(() => _streams.Add(-1, tag));
    }

    public void Refused(StatusCode code) =>
        _refusals.Add(1, new KeyValuePair<string, object?>("code", Enum.GetName(code)));

    public void StreamFailed() => _failures.Add(1);

    public void Received(string typeUrl, bool hasNonce, bool isNack)
    {
        var tags = TypeTag(typeUrl);
        _requests.Add(1, tags);
        if (isNack)
        {
            _nacks.Add(1, tags);
        }
        else if (hasNonce)
        {
            _acks.Add(1, tags);
        }
    }

    public void Sent(string typeUrl, int resources)
    {
        var tags = TypeTag(typeUrl);
        _responses.Add(1, tags);
        _resources.Add(resources, tags);
    }

    // A client may send any text as a type: only the known ones become label values, so that series stay bounded.
    internal static TagList TypeTag(string typeUrl) => new()
    {
        { "type", TypeUrl.IsKnown(typeUrl) ? TypeUrl.ShortName(typeUrl) : "other" },
    };

    private sealed class Closing(Action close) : IDisposable
    {
        public void Dispose() => close();
    }
}
