using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What keeps a control plane upright: the bounds of its server, the pace of its publications, its end.</summary>
internal sealed record OverloadLimits
{
    public static OverloadLimits Default { get; } = new();

    public OverloadSettings Streams { get; init; } = new();

    public DebounceSettings Debounce { get; init; } = DebounceSettings.Default;

    /// <summary>Over how long streams end before the process does; zero for all at once.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.Zero;
}
