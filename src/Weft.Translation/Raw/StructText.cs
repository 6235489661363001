using Google.Protobuf.WellKnownTypes;

namespace Weft.Translation.Raw;

/// <summary>Reads protobuf's JSON-like values: Struct, Value and ListValue.</summary>
internal static class StructText
{
    public static Struct ReadStruct(RawNode node, RawFindings found)
    {
        var result = new Struct();
        if (node is not RawMapping mapping)
        {
            found.WrongKind("google.protobuf.Struct", "a mapping", node);
            return result;
        }

        // Sorted, so that the same entries are always the same bytes.
        var sorted = new SortedList<string, Value>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Distinct(found))
        {
            sorted.Add(key.Text, ReadValue(value, found));
        }

        result.Fields.Add(sorted);
        return result;
    }

    public static ListValue ReadList(RawNode node, RawFindings found)
    {
        var result = new ListValue();
        if (node is RawSequence sequence)
        {
            result.Values.AddRange(sequence.Items.Select(item => ReadValue(item, found)));
        }
        else
        {
            found.WrongKind("google.protobuf.ListValue", "a list", node);
        }

        return result;
    }

    public static Value ReadValue(RawNode node, RawFindings found) => node switch
    {
        RawMapping => new() { StructValue = ReadStruct(node, found) },
        RawSequence => new() { ListValue = ReadList(node, found) },
        RawScalar { Kind: ScalarKind.Null } => Value.ForNull(),
        RawScalar { Kind: ScalarKind.Bool } bit => Value.ForBool(bit.IsTrue),
        RawScalar { Kind: ScalarKind.Number } number => Value.ForNumber(ReadNumber(number, found)),
        RawScalar text => Value.ForString(text.Text),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>struct.proto: a Value cannot be NaN or infinite, since JSON has no such number.</summary>
    private static double ReadNumber(RawScalar number, RawFindings found)
    {
        if (!NumberText.CheckZeros(number, found, "google.protobuf.Value"))
        {
            return 0;
        }

        var value = NumberText.ToDouble(number.Text);
        if (!double.IsFinite(value))
        {
            found.Error(RawCodes.OutOfRange, number.Mark,
                $"google.protobuf.Value: {Shown.Plain(number.Text)} is out of range.");
        }

        return value;
    }
}
