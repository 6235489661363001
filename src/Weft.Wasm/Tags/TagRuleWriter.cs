using System.Buffers.Binary;
using System.Text;

namespace Weft.Wasm.Tags;

/// <summary>
/// Writes rules as the plugin walks them, request by request, without reading anything before. Numbers are little endian; a
/// word is its size in two bytes and its UTF-8; a block is its size in four bytes and its content.
/// <list type="bullet">
/// <item>The form, a byte: 1. FNV-1a of all that follows, four bytes. The role, a byte.</item>
/// <item>A block of words: the headers that tags may be in.</item>
/// <item>A block of rules. Each is a block: whether any condition is enough, a byte; the block of its conditions; the words of
/// its tag's header and of its tag.</item>
/// <item>The place that shares go by, and a block of shares: the hundredths of this one and of those before it, a byte; two
/// words.</item>
/// <item>Two words: the default.</item>
/// </list>
/// A place is its source, a byte, 0 for none, and the word of its key. A condition is a block: a place; the test, a byte; and
/// words, a percentage in a byte, or a regular expression's table, as the test needs.
/// </summary>
internal sealed class TagRuleWriter
{
    private const byte Form = 1;

    private readonly List<byte> _bytes = [];
    private readonly string _header;

    private TagRuleWriter(string header) => _header = header;

    public static byte[] Write(TagRuleSet rules)
    {
        var writer = new TagRuleWriter(rules.Headers[0]);
        writer.WriteRules(rules);
        byte[] whole = [Form, 0, 0, 0, 0, .. writer._bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(whole.AsSpan(1), Hash(whole.AsSpan(5)));
        return whole;
    }

    /// <summary>FNV-1a, which finds what was cut off or mixed up on the way.</summary>
    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 16777619;
        }

        return hash;
    }

    private void WriteRules(TagRuleSet rules)
    {
        _bytes.Add((byte)rules.Role);
        Block(rules.Headers, Word);
        Block(rules.Rules, rule => Block([rule], Rule));
        Place(rules.ShareKey);
        var upTo = 0;
        Block(rules.Shares, share =>
        {
            _bytes.Add((byte)(upTo += share.Weight));
            Tag(share.Tag);
        });
        Tag(rules.Default ?? new(null, ""));
    }

    private void Rule(TagRule rule)
    {
        _bytes.Add(rule.Any ? (byte)1 : (byte)0);
        Block(rule.Conditions, condition => Block([condition], Condition));
        Tag(rule.Tag);
    }

    private void Condition(TagCondition condition)
    {
        Place(condition.Place);
        _bytes.Add((byte)condition.Test);
        switch (condition.Test)
        {
            case TagTest.Percentage:
                _bytes.Add((byte)condition.Percent);
                break;
            case TagTest.Prefix:
                _bytes.AddRange(Encoding.UTF8.GetBytes(condition.Values[0]));
                break;
            case TagTest.In or TagTest.NotIn:
                condition.Values.ToList().ForEach(Word);
                break;
            default:
                _bytes.AddRange(condition.Table);
                break;
        }
    }

    private void Place(TagPlace? place)
    {
        _bytes.Add((byte)(place?.Source ?? 0));
        Word(place?.Key ?? "");
    }

    private void Tag(Tag tag)
    {
        Word(tag.Header ?? _header);
        Word(tag.Value);
    }

    private void Word(string word)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        Span<byte> size = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)bytes.Length);
        _bytes.AddRange(size);
        _bytes.AddRange(bytes);
    }

    private void Block<T>(IEnumerable<T> items, Action<T> write)
    {
        Span<byte> size = stackalloc byte[4];
        var start = _bytes.Count;
        _bytes.AddRange(size);
        foreach (var item in items)
        {
            write(item);
        }

        BinaryPrimitives.WriteInt32LittleEndian(size, _bytes.Count - start - size.Length);
        for (var i = 0; i < size.Length; i++)
        {
            _bytes[start + i] = size[i];
        }
    }
}
