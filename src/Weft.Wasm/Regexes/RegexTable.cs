using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Weft.Flow;

namespace Weft.Wasm.Regexes;

/// <summary>What of a text a regular expression must match.</summary>
public enum RegexExtent
{
    /// <summary>All of it, as Envoy's <c>safe_regex</c> has it.</summary>
    Whole,

    /// <summary>Any part of it, as a search has it.</summary>
    Part,
}

/// <summary>
/// A regular expression as a table of a deterministic automaton, which a plugin walks with one look-up for each byte of
/// a text, whatever the expression. Expressions have RE2's syntax. The text is UTF-8; what is none matches no
/// character.
/// <para>
/// The bytes, numbers little endian: version 1; the number of classes less one; the number of states (two bytes); the
/// class of each of the 256 bytes; a bit for each state, whether a text may end there; the next state of each state and
/// class, in one byte where there are at most 256 states, else in two. State 0 is that from which nothing matches,
/// state 1 the first.
/// </para>
/// </summary>
public sealed class RegexTable
{
    /// <summary>The most states that a table has.</summary>
    public const int MaxStates = 2048;

    /// <summary>The most bytes that a table has.</summary>
    public const int MaxBytes = 32768;

    /// <summary>The most characters that a pattern has.</summary>
    public const int MaxPattern = 4096;

    internal const int HeadSize = 4 + 256;

    private RegexTable(int states, int classes, ImmutableArray<byte> bytes)
    {
        States = states;
        Classes = classes;
        Bytes = bytes;
    }

    /// <summary>How many states the automaton has.</summary>
    public int States { get; }

    /// <summary>How many classes of bytes it tells apart.</summary>
    public int Classes { get; }

    /// <summary>The table.</summary>
    public ImmutableArray<byte> Bytes { get; }

    /// <summary>Makes the table of an expression.</summary>
    /// <param name="pattern">
    /// The expression: RE2's syntax, groups and laziness without effect. Not known are <c>\p</c>, <c>\C</c> and what
    /// RE2 does not know either.
    /// </param>
    /// <param name="extent">What of a text must match.</param>
    /// <param name="table">The table.</param>
    /// <param name="mistake">What is wrong with the pattern: WEFT6201 the syntax, WEFT6202 the size.</param>
    public static bool TryCompile(
        string pattern,
        RegexExtent extent,
        [NotNullWhen(true)] out RegexTable? table,
        [NotNullWhen(false)] out Diagnostic? mistake)
    {
        table = null;
        mistake = null;
        try
        {
            var automaton = new RegexAutomaton(RegexParser.Parse(pattern), extent);
            var subsets = RegexSubsets.Of(automaton);
            var (states, classes, bytes) = RegexMinimum.Write(subsets);
            table = new RegexTable(states, classes, bytes);
            return true;
        }
        catch (RegexException e)
        {
            mistake = Diagnostic.Error(e.Code, null, Message(pattern, e), e.Fix);
            return false;
        }
    }

    /// <summary>Whether a text matches.</summary>
    /// <param name="text">The text, UTF-8.</param>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        var state = 1;
        var next = HeadSize + ((States + 7) / 8);
        foreach (var letter in text)
        {
            var at = (state * Classes) + Bytes[4 + letter];
            state = States <= 256 ? Bytes[next + at] : Bytes[next + (2 * at)] | (Bytes[next + (2 * at) + 1] << 8);
        }

        return (Bytes[HeadSize + (state >> 3)] >> (state & 7) & 1) != 0;
    }

    private static string Message(string pattern, RegexException e)
    {
        var shown = pattern.Length > 80 ? pattern[..80] + "…" : pattern;
        var place = e.At < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" at character {e.At + 1}");
        return $"regular expression \"{shown}\"{place}: {e.Message}";
    }
}
