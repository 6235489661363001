namespace Weft.Wasm.Regexes;

/// <summary>What <c>(?ims)</c> has switched on. <c>U</c> concerns laziness, which means nothing here.</summary>
internal readonly record struct RegexFlags(bool IgnoreCase, bool Lines, bool DotAll)
{
    /// <summary>Takes flags up to the bracket or colon that ends them; the place is then before it.</summary>
    public static bool TryTake(RegexText text, ref RegexFlags flags)
    {
        var on = true;
        var taken = flags;
        var some = false;
        while (!text.AtEnd && text.Peek is not (')' or ':'))
        {
            switch (text.Peek)
            {
                case '-' when on:
                    (on, some) = (false, false);
                    text.At++;
                    continue;
                case 'i':
                    taken = taken with { IgnoreCase = on };
                    break;
                case 'm':
                    taken = taken with { Lines = on };
                    break;
                case 's':
                    taken = taken with { DotAll = on };
                    break;
                case 'U':
                    break;
                default:
                    return false;
            }

            some = true;
            text.At++;
        }

        flags = taken;
        // `(?-)` has no flags; `(?:` needs none.
        return !text.AtEnd && (some || on) && (some || text.Peek == ':');
    }
}
