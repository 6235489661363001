using System.Text;

namespace Weft.Bpf;

/// <summary>A pattern for names: <c>*</c> stands for any letters, <c>?</c> for one.</summary>
internal sealed class NamePattern(string text)
{
    private readonly byte[] _pattern = Encoding.UTF8.GetBytes(text);

    public bool Matches(ReadOnlySpan<byte> name)
    {
        // Where a star took too few letters, the last one takes one more: no other can help.
        var (at, star, taken) = (0, -1, 0);
        for (var i = 0; i < name.Length;)
        {
            if (at < _pattern.Length && _pattern[at] == '*')
            {
                (star, taken) = (at++, i);
            }
            else if (at < _pattern.Length && (_pattern[at] == '?' || _pattern[at] == name[i]))
            {
                (at, i) = (at + 1, i + 1);
            }
            else if (star >= 0)
            {
                (at, i) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        return _pattern.AsSpan(at).IndexOfAnyExcept((byte)'*') < 0;
    }

    public override string ToString() => text;
}
