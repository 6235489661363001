using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>A stream's machine of either protocol, as its loop sees it.</summary>
internal readonly struct StreamMachine
{
    private readonly SotwStream? _sotw;
    private readonly DeltaStream? _delta;

    public StreamMachine(SotwStream sotw) => _sotw = sotw;

    public StreamMachine(DeltaStream delta) => _delta = delta;

    public bool IsDelta => _delta is not null;

    public ArraySegment<Response> Step(StreamInput input, TimeSpan now) => _delta?.Step(input, now) ?? _sotw!.Step(input, now);

    /// <summary>Says what others of its group fall back on.</summary>
    public void FallBackOn(LastGood lastGood)
    {
        _sotw?.FallBackOn(lastGood);
        _delta?.FallBackOn(lastGood);
    }

    /// <summary>Says what the client can be told, by its node.</summary>
    public void Know(Node node, XdsServerSettings settings)
    {
        var client = ClientAbilities.Of(node, IsDelta, settings);
        _sotw?.Know(client);
        _delta?.Know(client);
    }

    public ImmutableArray<TypeState> Types() => _delta?.Types ?? _sotw!.Types;

    public TimeSpan? WakeAt() => _delta is not null ? _delta.WakeAt : _sotw!.WakeAt;
}
