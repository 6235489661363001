using System.Globalization;

namespace Weft.Testing;

/// <summary>
/// Random tests: a few runs from a fixed seed with every change, and many from a new seed where <c>WEFT_SOAK</c> is 1.
/// <c>WEFT_SEED</c> repeats a run. A test that uses this carries the trait <see cref="Trait"/>.
/// </summary>
public static class Soak
{
    /// <summary>The trait by which <c>make soak</c> chooses its tests.</summary>
    public const string Trait = "Soak";

    private const int UsualSeed = 20240723;

    private static bool IsOn => Environment.GetEnvironmentVariable("WEFT_SOAK") == "1";

    /// <summary>How many runs a test makes.</summary>
    public static int Runs(int usual, int soak) => IsOn ? soak : usual;

    /// <summary>The seed of this run, which a failure must name.</summary>
    public static int Seed() =>
        int.TryParse(Environment.GetEnvironmentVariable("WEFT_SEED"), CultureInfo.InvariantCulture, out var given) ? given
        : IsOn ? Random.Shared.Next()
        : UsualSeed;
}
