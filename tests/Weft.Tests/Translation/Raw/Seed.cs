using System.Globalization;

namespace Weft.Tests.Translation.Raw;

/// <summary>The seed of a random test: a fixed one, or the one in WEFT_SEED.</summary>
internal static class Seed
{
    public static int Take()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("WEFT_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 20240723;
        TestContext.Current.TestOutputHelper?.WriteLine($"WEFT_SEED={seed}");
        return seed;
    }
}
