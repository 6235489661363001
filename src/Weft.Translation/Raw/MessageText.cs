using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Weft.Translation.Raw;

/// <summary>
/// Reads messages by their descriptors, in protobuf's JSON mapping. Mistakes become findings and reading goes on;
/// a message with findings is incomplete and must not be used.
/// </summary>
internal static class MessageText
{
    /// <summary>Reads a message of any type, well-known types in their own form.</summary>
    public static IMessage Read(MessageDescriptor type, RawNode node, RawFindings found) => type.FullName switch
    {
        "google.protobuf.Any" => AnyText.Read(node, found).Packed,
        "google.protobuf.Duration" => TimeText.ReadDuration(node, found),
        "google.protobuf.Timestamp" => TimeText.ReadTimestamp(node, found),
        "google.protobuf.FieldMask" => TimeText.ReadFieldMask(node, found),
        "google.protobuf.Struct" => StructText.ReadStruct(node, found),
        "google.protobuf.Value" => StructText.ReadValue(node, found),
        "google.protobuf.ListValue" => StructText.ReadList(node, found),
        _ when EnvoyTypes.IsWrapper(type) => ReadWrapper(type, node, found),
        _ => ReadFields(type, node, found),
    };

    /// <summary>Reads the fields of a message from a mapping.</summary>
    /// <param name="skip">A key that belongs to what surrounds the message: <c>@type</c>.</param>
    public static IMessage ReadFields(MessageDescriptor type, RawNode node, RawFindings found, string? skip = null)
    {
        var message = Create(type);
        if (node is not RawMapping mapping)
        {
            found.WrongKind(type.FullName, "a mapping", node);
            return message;
        }

        var seen = new Dictionary<object, RawScalar>();
        foreach (var (key, value) in mapping.Distinct(found))
        {
            if (key.Text == skip)
            {
                continue;
            }

            if (!FieldNames.Of(type).TryGetValue(key.Text, out var field))
            {
                ReportUnknown(type, key, found);
            }
            else if (!IsSecond(field, key, value, seen, found))
            {
                FieldText.Read(message, field, value, found);
            }
        }

        return message;
    }

    /// <summary>An empty message of the type.</summary>
    public static IMessage Create(MessageDescriptor type) => type.Parser.ParseFrom(ByteString.Empty);

    private static IMessage ReadWrapper(MessageDescriptor type, RawNode node, RawFindings found)
    {
        var wrapper = Create(type);
        var value = type.FindFieldByNumber(1);
        if (FieldText.ReadOne(value, node, found) is { } scalar)
        {
            value.Accessor.SetValue(wrapper, scalar);
        }

        return wrapper;
    }

    /// <summary>Whether the field was given already under its other name, or another member of its oneof was.</summary>
    private static bool IsSecond(
        FieldDescriptor field, RawScalar key, RawNode value, Dictionary<object, RawScalar> seen, RawFindings found)
    {
        if (!seen.TryAdd(field, key))
        {
            found.Duplicate(key, seen[field].Mark);
            return true;
        }

        if (field.RealContainingOneof is not { } oneof || (value.IsNull && !FieldText.TakesNull(field)))
        {
            return false;
        }

        if (seen.TryAdd(oneof, key))
        {
            return false;
        }

        found.Error(
            RawCodes.TwoOfOneof,
            key.Mark,
            $"{Shown.Quoted(key.Text)} and {Shown.Quoted(seen[oneof].Text)} exclude each other ({oneof.FullName}).",
            "keep one of the two");
        return true;
    }

    private static void ReportUnknown(MessageDescriptor type, RawScalar key, RawFindings found)
    {
        var nearest = found.IsFull ? null : Spelling.Nearest(key.Text, FieldNames.Of(type).Keys);
        found.Error(
            RawCodes.UnknownField,
            key.Mark,
            $"{type.FullName} has no field {Shown.Quoted(key.Text)}; {EnvoyTypes.Note}.",
            nearest is null ? null : $"did you mean '{nearest}'?");
    }
}
