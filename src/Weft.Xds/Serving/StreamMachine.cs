using System.Collections.Immutable;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>A stream's machine of either protocol, as its loop sees it.</summary>
internal sealed record StreamMachine(
    bool IsDelta,
    Func<StreamInput, TimeSpan, ImmutableArray<Response>> Step,
    Func<ImmutableArray<TypeState>> Types,
    Func<TimeSpan?> WakeAt);
