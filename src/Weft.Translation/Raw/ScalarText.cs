using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Weft.Translation.Raw;

/// <summary>Reads scalars as the boxed values that reflection takes; null when the text is no such value.</summary>
internal static class ScalarText
{
    /// <summary>Reads a scalar of the field's type.</summary>
    /// <param name="label">What messages call the place, where it is not the field itself.</param>
    public static object? Read(FieldDescriptor field, RawNode node, RawFindings found, string? label = null)
    {
        label ??= field.FullName;
        return field.FieldType switch
        {
            FieldType.String => ReadString(node, found, label),
            FieldType.Bool => ReadBool(node, found, label),
            FieldType.Bytes => ReadBytes(node, found, label),
            FieldType.Enum => ReadEnum(field.EnumType, node, found, label),
            FieldType.Double or FieldType.Float => NumberText.ReadFloating(field.FieldType, node, found, label),
            _ => NumberText.ReadInteger(field.FieldType, node, found, label),
        };
    }

    /// <summary>Reads a key of a map, which is text whatever its type.</summary>
    public static object? ReadKey(FieldDescriptor field, RawScalar key, RawFindings found, string label) =>
        field.FieldType switch
        {
            FieldType.String => key.Text,
            FieldType.Bool => ReadBool(key with { IsText = false }, found, label),
            _ => NumberText.ReadInteger(field.FieldType, key, found, label),
        };

    /// <summary>The bytes of standard or URL-safe base64, padded or not; null for anything else.</summary>
    public static ByteString? FromBase64(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/').TrimEnd().TrimEnd('=');
        var letters = plain.Count(letter => !char.IsWhiteSpace(letter));
        var bytes = new byte[(letters * 3 / 4) + 3];
        var padded = plain + new string('=', (4 - (letters % 4)) % 4);
        return Convert.TryFromBase64String(padded, bytes, out var written)
            ? ByteString.CopyFrom(bytes, 0, written)
            : null;
    }

    public static string? ReadString(RawNode node, RawFindings found, string label)
    {
        if (node is RawScalar { Kind: ScalarKind.Text } scalar)
        {
            return scalar.Text;
        }

        found.WrongKind(label, "text", node, node is RawScalar { IsNull: false } ? "put it in quotes" : null);
        return null;
    }

    private static bool? ReadBool(RawNode node, RawFindings found, string label)
    {
        if (node is RawScalar { Kind: ScalarKind.Bool } scalar)
        {
            return scalar.IsTrue;
        }

        found.WrongKind(label, "true or false", node);
        return null;
    }

    private static ByteString? ReadBytes(RawNode node, RawFindings found, string label)
    {
        // Plain base64 may look like a number or a word.
        if (node is not RawScalar { IsNull: false } scalar)
        {
            found.WrongKind(label, "bytes in base64", node);
            return null;
        }

        var bytes = FromBase64(scalar.Text);
        if (bytes is null)
        {
            found.Error(RawCodes.BadBase64, node.Mark, $"{label} takes bytes in base64, which this is not.");
        }

        return bytes;
    }

    private static object? ReadEnum(EnumDescriptor type, RawNode node, RawFindings found, string label)
    {
        switch (node)
        {
            case RawScalar { IsNull: true } when type.FullName == "google.protobuf.NullValue":
                return 0;
            case RawScalar { Kind: ScalarKind.Number }:
                // Enums of proto3 are open: a number without a name is a value too, unless a rule forbids it.
                return NumberText.ReadInteger(FieldType.Int32, node, found, label);
            case RawScalar { Kind: ScalarKind.Text } name when type.FindValueByName(name.Text) is { } value:
                return value.Number;
            case RawScalar { Kind: ScalarKind.Text } name:
                ReportEnum(type, name, found, label);
                return null;
            default:
                found.WrongKind(label, $"a name of {type.FullName}", node);
                return null;
        }
    }

    private static void ReportEnum(EnumDescriptor type, RawScalar name, RawFindings found, string label)
    {
        var names = type.Values.Select(value => value.Name);
        var nearest = found.IsFull ? null : Spelling.Nearest(name.Text.ToUpperInvariant(), names);
        found.Error(
            RawCodes.BadEnum,
            name.Mark,
            $"{label} has no value {Shown.Quoted(name.Text)}; {EnvoyTypes.Note}.",
            nearest is not null ? $"did you mean '{nearest}'?" : $"one of {string.Join(", ", names.Take(20))}");
    }
}
