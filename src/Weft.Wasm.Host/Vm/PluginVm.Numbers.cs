namespace Weft.Wasm.Host;

/// <content>
/// The numbers that plugins know metrics and calls by: their last two bits tell the kind, as in Envoy.
/// </content>
public sealed partial class PluginVm
{
    private const int MaxMetrics = 10_000;
    private const uint KindMask = 3;
    private const uint Step = 4;

    private readonly List<IPluginMetric>[] _metrics = [[], [], []];
    private uint _lastHttpCall;
    private uint _lastGrpcCall = 1;
    private uint _lastGrpcStream = 2;

    internal uint NextHttpCall() => _lastHttpCall += Step;

    internal uint NextGrpcCall() => _lastGrpcCall += Step;

    internal uint NextGrpcStream() => _lastGrpcStream += Step;

    internal static bool IsGrpcCall(uint token) => (token & KindMask) == 1;

    internal static bool IsGrpcStream(uint token) => (token & KindMask) == 2;

    internal AbiStatus Define(MetricKind kind, string name, out uint id)
    {
        id = 0;
        var metrics = _metrics[(int)kind];
        if (metrics.Count >= MaxMetrics || Environment.Metrics.Define(kind, name) is not { } metric)
        {
            return AbiStatus.InternalFailure;
        }

        metrics.Add(metric);
        id = (uint)metrics.Count * Step + (uint)kind;
        return AbiStatus.Ok;
    }

    internal AbiStatus Find(uint id, out MetricKind kind, out IPluginMetric metric)
    {
        (kind, metric) = ((MetricKind)(id & KindMask), null!);
        if (kind > MetricKind.Histogram)
        {
            return AbiStatus.BadArgument;
        }

        var index = (id / Step) - 1;
        if (index >= _metrics[(int)kind].Count)
        {
            return AbiStatus.NotFound;
        }

        metric = _metrics[(int)kind][(int)index];
        return AbiStatus.Ok;
    }
}
