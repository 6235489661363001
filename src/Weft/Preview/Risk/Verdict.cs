using System.Collections.Immutable;

namespace Weft.Preview;

/// <summary>How dangerous a change is.</summary>
internal enum RiskLevel
{
    /// <summary>Nothing changes.</summary>
    None,

    /// <summary>No request that is answered now would fail.</summary>
    Low,

    /// <summary>Requests that are answered now may fail.</summary>
    High,

    /// <summary>The manifests have mistakes.</summary>
    Invalid,
}

/// <summary>How dangerous a change is, and why.</summary>
internal sealed record Verdict(RiskLevel Level, ImmutableArray<string> Reasons)
{
    private const int High = 3;

    /// <summary>What <c>weft preview</c> returns: 0 for none and low, 1 for invalid, 3 for high.</summary>
    public int ExitCode => Level switch { RiskLevel.High => High, RiskLevel.Invalid => 1, _ => 0 };

    public string Name => Level switch
    {
        RiskLevel.None => "none",
        RiskLevel.Low => "low",
        RiskLevel.High => "high",
        _ => "invalid",
    };
}
