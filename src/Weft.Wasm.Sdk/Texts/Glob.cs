namespace Weft.Wasm.Sdk;

/// <summary>
/// Patterns as shells have them: <c>*</c> stands for any bytes, also none and also <c>/</c>; <c>?</c> for one byte; a
/// backslash takes the meaning from what follows it.
/// </summary>
public static class Glob
{
    /// <summary>Whether all of a text is as the pattern says. Takes at most pattern times text steps.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (IsOne(pattern, p, text[t], out var size))
            {
                p += size;
                t++;
            }
            else if (star >= 0)
            {
                // The last star takes one byte more; stars before it need not be looked at again.
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool IsOne(ReadOnlySpan<byte> pattern, int at, byte letter, out int size)
    {
        size = 1;
        if (at == pattern.Length)
        {
            return false;
        }

        if (pattern[at] == '\\' && at + 1 < pattern.Length)
        {
            size = 2;
            return pattern[at + 1] == letter;
        }

        return pattern[at] == '?' || pattern[at] == letter;
    }
}
