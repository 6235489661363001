namespace TrafficTag;

/// <summary>
/// Walks a regular expression's table: version 1; the number of classes less one; the number of states (two bytes,
/// little endian like all); the class of each byte; a bit for each state, whether a text may end there; the next state
/// by state and class, one byte each up to 256 states, else two. State 0 matches nothing, state 1 is the first.
/// </summary>
internal static class RegexWalk
{
    private const int HeadSize = 4 + 256;

    /// <summary>Whether a text matches.</summary>
    public static bool Matches(ReadOnlySpan<byte> table, ReadOnlySpan<byte> text)
    {
        var classes = table[1] + 1;
        var states = States(table);
        var first = First(states);
        var state = 1;
        for (var i = 0; i < text.Length && state != 0; i++)
        {
            state = Next(table, first, (state * classes) + table[4 + text[i]], states);
        }

        return ((table[HeadSize + (state >> 3)] >> (state & 7)) & 1) != 0;
    }

    private static int States(ReadOnlySpan<byte> table) => table[2] | (table[3] << 8);

    private static int Size(int states) => states <= 256 ? 1 : 2;

    private static int First(int states) => HeadSize + ((states + 7) >> 3);

    private static int Next(ReadOnlySpan<byte> table, int first, int at, int states) =>
        states <= 256 ? table[first + at] : table[first + (at << 1)] | (table[first + (at << 1) + 1] << 8);
}
