using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Weft.Translation.Raw;

/// <summary>Reads the value of one field: a map, a list, a message or a scalar.</summary>
internal static class FieldText
{
    /// <summary>
    /// Whether null is a value of the field; of every other field it says that the field is not there.
    /// </summary>
    public static bool TakesNull(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName == "google.protobuf.Value",
        FieldType.Enum => field.EnumType.FullName == "google.protobuf.NullValue",
        _ => false,
    };

    /// <summary>Reads a value into a field of a message.</summary>
    public static void Read(IMessage message, FieldDescriptor field, RawNode node, RawFindings found)
    {
        if (node.IsNull && (field.IsRepeated || !TakesNull(field)))
        {
            return;
        }

        if (field.IsMap)
        {
            ReadMap((IDictionary)field.Accessor.GetValue(message), field, node, found);
        }
        else if (field.IsRepeated)
        {
            ReadList((IList)field.Accessor.GetValue(message), field, node, found);
        }
        else if (ReadOne(field, node, found) is { } value)
        {
            field.Accessor.SetValue(message, value);
        }
    }

    /// <summary>
    /// Reads one value of the field's type; null when it is not one (that is then among the findings).
    /// </summary>
    public static object? ReadOne(FieldDescriptor field, RawNode node, RawFindings found)
    {
        if (field.FieldType != FieldType.Message)
        {
            return ScalarText.Read(field, node, found);
        }

        // The C# property of a wrapper field is a nullable scalar.
        return EnvoyTypes.IsWrapper(field.MessageType)
            ? ScalarText.Read(field.MessageType.FindFieldByNumber(1), node, found, field.FullName)
            : MessageText.Read(field.MessageType, node, found);
    }

    private static void ReadList(IList list, FieldDescriptor field, RawNode node, RawFindings found)
    {
        if (node is not RawSequence sequence)
        {
            found.WrongKind(field.FullName, "a list", node, "put '- ' before each item, or […] around them");
            return;
        }

        foreach (var item in sequence.Items)
        {
            if (ReadMember(field, field, item, found) is { } value)
            {
                list.Add(value);
            }
        }
    }

    private static void ReadMap(IDictionary map, FieldDescriptor field, RawNode node, RawFindings found)
    {
        if (node is not RawMapping mapping)
        {
            found.WrongKind(field.FullName, "a mapping", node);
            return;
        }

        // Serialising follows the order of insertion: sorted, the same entries are always the same bytes.
        var keys = field.MessageType.FindFieldByNumber(1);
        var sorted = keys.FieldType == FieldType.String
            ? new SortedList<object, object>(
                Comparer<object>.Create((a, b) => string.CompareOrdinal((string)a, (string)b)))
            : [];
        foreach (var (key, item) in mapping.Distinct(found))
        {
            // The keys of JSON are text, whatever they stand for.
            var given = ScalarText.ReadKey(keys, key, found, field.FullName);
            var value = ReadMember(field, field.MessageType.FindFieldByNumber(2), item, found);
            if (given is not null && value is not null && !sorted.TryAdd(given, value))
            {
                found.Duplicate(key, key.Mark);
            }
        }

        foreach (var (key, value) in sorted)
        {
            map[key] = value;
        }
    }

    private static object? ReadMember(FieldDescriptor field, FieldDescriptor member, RawNode node, RawFindings found)
    {
        if (node.IsNull && !TakesNull(member))
        {
            found.Error(RawCodes.WrongKind, node.Mark, $"A member of {field.FullName} cannot be nothing.");
            return null;
        }

        return ReadOne(member, node, found);
    }
}
