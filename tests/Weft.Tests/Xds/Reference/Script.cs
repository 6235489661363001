using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Tests.Xds.Reference;

/// <summary>What may be done in a script.</summary>
internal enum Act
{
    Publish,
    PublishAll,
    PublishEqual,
    Ask,
    AskAgain,
    Resubscribe,
    AskWithStrangeNonce,
    Read,
    Wait,
    Reconnect,
    Rest,
}

/// <summary>One step: what is done, and dice that say how. Any steps make a script, so that any of them may be left out.</summary>
internal sealed record Step(Act Act, int A, int B, int C)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Act} {A} {B} {C}");
}

/// <summary>A random script, made of its seed alone.</summary>
internal sealed record Script(int Seed, int Kind, ImmutableArray<Step> Steps)
{
    private const int Longest = 60;

    // How often each comes, out of their sum.
    private static readonly Act[] Often =
    [
        .. Enumerable.Repeat(Act.Publish, 8), Act.PublishAll, Act.PublishEqual, .. Enumerable.Repeat(Act.Ask, 6), Act.AskAgain,
        .. Enumerable.Repeat(Act.Resubscribe, 2), Act.AskWithStrangeNonce, .. Enumerable.Repeat(Act.Read, 14), Act.Wait, Act.Wait,
        Act.Reconnect, Act.Rest,
    ];

    public static Script Of(int seed)
    {
        var dice = new Random(seed);
        var kind = dice.Next(1 << 16);
        return new(seed, kind, [.. Enumerable.Range(0, dice.Next(4, Longest)).Select(_ =>
            new Step(Often[dice.Next(Often.Length)], dice.Next(1 << 16), dice.Next(1 << 16), dice.Next(1 << 16)))]);
    }

    /// <summary>A shorter one that fails, too: first halves are left out, then less, at last single steps.</summary>
    public Script Shrink(Func<Script, bool> fails)
    {
        var best = this;
        for (var size = Math.Max(1, Steps.Length / 2); size > 0; size /= 2)
        {
            for (var at = 0; at < best.Steps.Length;)
            {
                var shorter = best with { Steps = best.Steps.RemoveRange(at, Math.Min(size, best.Steps.Length - at)) };
                (best, at) = fails(shorter) ? (shorter, at) : (best, at + size);
            }
        }

        return best;
    }
}
