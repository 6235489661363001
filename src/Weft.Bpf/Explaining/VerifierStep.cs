using System.Globalization;

namespace Weft.Bpf.Explaining;

/// <summary>An instruction that the verifier has looked at.</summary>
/// <param name="Instruction">Its number, counted from the program's start.</param>
/// <param name="Text">The instruction as the verifier writes it: <c>r1 = *(u64 *)(r0 +0)</c>.</param>
public readonly record struct VerifierStep(int Instruction, string Text)
{
    /// <summary>Reads a line such as <c>7: (79) r1 = *(u64 *)(r0 +0) ; R1=scalar()</c>.</summary>
    internal static bool TryParse(string line, out VerifierStep step, out string after)
    {
        (step, after) = (default, "");
        var colon = line.IndexOf(": (", StringComparison.Ordinal);
        if (colon < 1 || line.Length < colon + 7 || line[colon + 5] != ')' || !Number(line.AsSpan(0, colon), out var number))
        {
            return false;
        }

        var text = line[(colon + 6)..];
        var end = text.IndexOf(';');
        (step, after) = (new(number, (end < 0 ? text : text[..end]).Trim()), end < 0 ? "" : text[(end + 1)..]);
        return true;
    }

    internal static bool Number(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
