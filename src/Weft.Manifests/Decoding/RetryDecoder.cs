using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads when requests are tried again.</summary>
internal static class RetryDecoder
{
    // Envoy's conditions that a policy may name.
    private static readonly ImmutableArray<string> Conditions =
    [
        "5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "refused-stream", "retriable-4xx",
        "cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable",
    ];

    /// <summary>The <c>retry</c> of an <c>HTTPRoute</c>'s rule (GEP-1731, experimental); null where there is none.</summary>
    public static RetryPolicy? OfRule(FieldReader rule) => rule.Map("retry") is { } retry ? Read(retry) : null;

    /// <summary>The same, and what a <c>TrafficPolicy</c> says besides.</summary>
    public static RetryPolicy OfPolicy(FieldReader retry)
    {
        var on = retry.Texts("on").ToArray();
        foreach (var condition in on.Where(c => !Conditions.Contains(c.Text)))
        {
            retry.Findings.Error(
                "WEFT1109", condition.Where,
                $"{retry.PathOf("on")}: {Excerpt.Of(condition.Text)} is no condition; use {string.Join(", ", Conditions)}.");
        }

        var perTry = retry.Duration("perTryTimeout");
        return Read(retry) with { On = [.. on.Select(c => c.Text)], PerTryTimeout = perTry };
    }

    private static RetryPolicy Read(FieldReader retry)
    {
        var codes = ImmutableArray.CreateBuilder<int>();
        foreach (var code in retry.Numbers("codes"))
        {
            if (code.Value is < 400 or > 599)
            {
                retry.Findings.Error(
                    "WEFT1115", code.Where, $"{retry.PathOf("codes")}: {code.Value} is no status of an error.", "use 400 to 599");
            }

            codes.Add(code.Value);
        }

        var attempts = retry.AtLeast("attempts", 0);
        var backoff = retry.Duration("backoff");
        retry.Close();
        return new([], codes.ToImmutable(), attempts, backoff, null);
    }
}
