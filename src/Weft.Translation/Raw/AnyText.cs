using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Translation.Raw;

/// <summary>A message as it stands in an Any, and the message itself where its type is known.</summary>
internal readonly record struct PackedMessage(Any Packed, IMessage? Message);

/// <summary>
/// Reads an Any: the fields of the message beside <c>@type</c>; or, under <c>value</c>, a well-known type in its own
/// form, or the bytes of any message, which are kept as they are.
/// </summary>
internal static class AnyText
{
    public const string TypeKey = "@type";

    private const string ValueKey = "value";

    public static PackedMessage Read(RawNode node, RawFindings found)
    {
        if (node is not RawMapping mapping)
        {
            found.WrongKind("google.protobuf.Any", "a mapping", node);
            return new(new(), null);
        }

        // An Any that holds nothing is legal.
        if (mapping.Entries.Count == 0)
        {
            return new(new(), null);
        }

        if (ReadTypeUrl(mapping, found) is not { } typeUrl)
        {
            return new(new(), null);
        }

        var type = EnvoyTypes.Find(typeUrl);
        if (FindBytes(mapping, type) is { } text)
        {
            return new(ReadBytes(typeUrl, type, text, found, out var parsed), parsed);
        }

        if (type is null)
        {
            ReportUnknown(mapping, typeUrl, found);
            return new(new(), null);
        }

        var message = EnvoyTypes.HasOwnJson(type)
            ? ReadOwnForm(type, mapping, found)
            : MessageText.ReadFields(type, mapping, found, TypeKey);
        return new(new() { TypeUrl = typeUrl, Value = message.ToByteString() }, message);
    }

    /// <summary>The type URL of a mapping that is an Any, or null when it has none.</summary>
    public static string? ReadTypeUrl(RawMapping mapping, RawFindings found)
    {
        if (mapping.Find(TypeKey) is not { } node)
        {
            found.Error(
                RawCodes.BadTypeKey, mapping.Mark, $"A message of any type names its type under '{TypeKey}'.",
                $"add \"{TypeKey}\": {EnvoyTypes.Prefix}…");
            return null;
        }

        if (node is RawScalar { Kind: ScalarKind.Text } url && url.Text.LastIndexOf('/') is >= 0 and var slash
            && slash < url.Text.Length - 1)
        {
            return url.Text;
        }

        found.Error(
            RawCodes.BadTypeKey, node.Mark, $"'{TypeKey}' takes a type URL, not {node.Described}.",
            $"write {EnvoyTypes.Prefix} and the full name of the message");
        return null;
    }

    /// <summary>
    /// The scalar that holds the message's bytes: the sole other key is <c>value</c>, and the type has neither a field
    /// of that name nor its own form there.
    /// </summary>
    private static RawScalar? FindBytes(RawMapping mapping, MessageDescriptor? type)
    {
        if (mapping.Entries.Count != 2 || mapping.Find(ValueKey) is not RawScalar { Kind: ScalarKind.Text } text)
        {
            return null;
        }

        var meansField = type is not null
            && (type.FullName != "google.protobuf.Empty" && EnvoyTypes.HasOwnJson(type)
                || type.FindFieldByName(ValueKey) is not null);
        return meansField ? null : text;
    }

    private static Any ReadBytes(
        string typeUrl, MessageDescriptor? type, RawScalar text, RawFindings found, out IMessage? message)
    {
        message = null;
        if (ScalarText.FromBase64(text.Text) is not { } bytes)
        {
            found.Error(
                RawCodes.BadBase64, text.Mark,
                $"The sole 'value' beside '{TypeKey}' is the message's bytes in base64, which this is not.");
            return new();
        }

        try
        {
            message = type?.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException mistake)
        {
            found.Error(RawCodes.BadBytes, text.Mark, $"These bytes are no {type!.FullName}: {mistake.Message}");
        }

        return new() { TypeUrl = typeUrl, Value = bytes };
    }

    private static IMessage ReadOwnForm(MessageDescriptor type, RawMapping mapping, RawFindings found)
    {
        IMessage? message = null;
        foreach (var (key, value) in mapping.Distinct(found))
        {
            if (key.Text == ValueKey)
            {
                message = MessageText.Read(type, value, found);
            }
            else if (key.Text != TypeKey)
            {
                found.Error(
                    RawCodes.UnknownField, key.Mark,
                    $"{type.FullName} in an Any has no field {Shown.Quoted(key.Text)}, only '{ValueKey}'.");
            }
        }

        if (message is null && type.FullName != "google.protobuf.Empty")
        {
            found.WrongKind(type.FullName, $"'{ValueKey}' beside '{TypeKey}'", mapping);
        }

        return message ?? MessageText.Create(type);
    }

    private static void ReportUnknown(RawMapping mapping, string typeUrl, RawFindings found)
    {
        var nearest = found.IsFull ? null : EnvoyTypes.Nearest(typeUrl);
        found.Error(
            RawCodes.UnknownType, mapping.Find(TypeKey)!.Mark,
            $"No message type {Shown.Quoted(typeUrl)} is known; {EnvoyTypes.Note}.",
            nearest is not null
                ? $"did you mean '{EnvoyTypes.Prefix}{nearest}'?"
                : "give the serialised message in base64 as the sole 'value'");
    }
}
