using System.Text;
using System.Text.Unicode;
using Weft.Flow;
using Weft.Xds.Serving;
using Weft.Xds.Subscriptions;

namespace Weft.Xds.Frames;

/// <summary>
/// The fields of a request that nearly every request consists of: a type, a nonce, and names. A request that has others
/// is for protobuf's own parser.
/// </summary>
internal readonly ref struct RequestFields
{
    private RequestFields(Field type, Field nonce, Run names, Run moreNames, bool hasPassedOver)
    {
        HasPassedOver = hasPassedOver;
        Type = type;
        Nonce = nonce;
        Names = names;
        MoreNames = moreNames;
    }

    public Field Type { get; }

    public Field Nonce { get; }

    /// <summary>All of the names that are asked for.</summary>
    public Run Names { get; }

    /// <summary>All of the names that are no longer asked for.</summary>
    public Run MoreNames { get; }

    /// <summary>Whether there was a field that is passed over, and something in it.</summary>
    public bool HasPassedOver { get; }

    /// <summary>Which field is which; 0 where there is none.</summary>
    public readonly record struct Numbers(int Type, int Nonce, int Names, int MoreNames, int PassedOver);

    /// <summary>The value of a field.</summary>
    public readonly ref struct Field(ReadOnlySpan<byte> value)
    {
        public ReadOnlySpan<byte> Value { get; } = value;

        public string Text => Value.IsEmpty ? "" : Encoding.UTF8.GetString(Value);
    }

    /// <summary>Fields of the same number that stand one behind the other, with their tags.</summary>
    public readonly ref struct Run(ReadOnlySpan<byte> fields, int count)
    {
        public ReadOnlySpan<byte> Fields { get; } = fields;

        public int Count { get; } = count;

        /// <summary>The names, from what others have asked for where it is the same.</summary>
        public NameSet In(NameSets sets)
        {
            if (Count == 0)
            {
                return NameSet.None;
            }

            var asked = ContentHash.Of(Fields);
            return sets.TryGet(asked, out var known) ? known : sets.Keep(new(Texts(), asked));
        }

        private string[] Texts()
        {
            var texts = new string[Count];
            var rest = Fields;
            for (var i = 0; i < texts.Length; i++)
            {
                TryField(rest, out _, out var value, out rest);
                texts[i] = XdsTpName.Canonical(new Field(value).Text);
            }

            return texts;
        }
    }

    /// <summary>Takes a message apart; false where it is not as most are.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, Numbers numbers, out RequestFields fields)
    {
        fields = default;
        ReadOnlySpan<byte> type = default, nonce = default;
        RunBounds names = default, more = default;
        var hasPassedOver = false;
        var rest = message;
        while (!rest.IsEmpty)
        {
            var start = message.Length - rest.Length;
            if (!TryField(rest, out var number, out var value, out rest) || !Utf8.IsValid(value)
                || value.Length > (number == numbers.Type ? RequestLimits.LongestType : RequestLimits.LongestName))
            {
                // The other way tells what is wrong with it.
                return false;
            }

            var end = message.Length - rest.Length;
            if (number == numbers.Type)
            {
                type = value;
            }
            else if (number == numbers.Nonce)
            {
                nonce = value;
            }
            else if (!(number == numbers.Names && names.TryAdd(start, end))
                && !(number == numbers.MoreNames && more.TryAdd(start, end))
                && number != numbers.PassedOver)
            {
                return false;
            }

            hasPassedOver |= number == numbers.PassedOver && value.Length > 0;
        }

        fields = new(new(type), new(nonce), names.In(message), more.In(message), hasPassedOver);
        return fields.Names.Count + fields.MoreNames.Count <= RequestLimits.MostNames;
    }

    // A field of one of the first fifteen numbers whose value has a length.
    private static bool TryField(
        ReadOnlySpan<byte> fields, out int number, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest)
    {
        number = fields[0] >> 3;
        value = rest = default;
        if ((fields[0] & 0x87) != 2 || number == 0)
        {
            return false;
        }

        var (length, shift, at) = (0u, 0, 1);
        do
        {
            if (at == fields.Length || shift > 21)
            {
                return false;
            }

            length |= (fields[at] & 0x7fu) << shift;
            shift += 7;
        }
        while (fields[at++] > 0x7f);

        if (length > (uint)(fields.Length - at))
        {
            return false;
        }

        value = fields.Slice(at, (int)length);
        rest = fields[(at + (int)length)..];
        return true;
    }

    private struct RunBounds
    {
        private int _start;
        private int _end;
        private int _count;

        public bool TryAdd(int start, int end)
        {
            if (_count > 0 && start != _end)
            {
                return false;
            }

            _start = _count == 0 ? start : _start;
            (_end, _count) = (end, _count + 1);
            return true;
        }

        public readonly Run In(ReadOnlySpan<byte> message) => new(message[_start.._end], _count);
    }
}
