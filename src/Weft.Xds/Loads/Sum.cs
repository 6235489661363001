using System.Collections.Immutable;

namespace Weft.Xds;

/// <summary>Sums of what clients report.</summary>
internal static class Sum
{
    /// <summary>Of counts, none of them negative: as large as a number can be, instead of turning over.</summary>
    public static long Of(long sum, long more) => sum > long.MaxValue - more ? long.MaxValue : sum + more;

    /// <summary>Of what two times have, name by name.</summary>
    public static ImmutableDictionary<TKey, T> Of<TKey, T>(
        ImmutableDictionary<TKey, T> sums, ImmutableDictionary<TKey, T> more, Func<T, T, T> plus)
        where TKey : notnull
    {
        var builder = sums.ToBuilder();
        foreach (var (name, part) in more)
        {
            builder[name] = builder.TryGetValue(name, out var sum) ? plus(sum, part) : part;
        }

        return builder.ToImmutable();
    }
}
