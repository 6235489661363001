using System.Globalization;

namespace Weft.Bpf.Kernel;

/// <summary>Names that nobody else has taken. They are no secrets.</summary>
internal static class RandomName
{
    // Random, since RandomNumberGenerator and Guid need OpenSSL, without which the former ends the whole process.
    public static string Next() => Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
}
