using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Udpa.Annotations;

namespace Weft.Proxy.Admin;

/// <summary>
/// Takes out of a message what Envoy's API marks as sensitive, as Envoy does: texts and bytes become <c>[redacted]</c>,
/// whatever else is there goes. What is packed is unpacked for that.
/// </summary>
internal static class Redaction
{
    private const string Redacted = "[redacted]";
    private static readonly ByteString RedactedBytes = ByteString.CopyFromUtf8(Redacted);

    /// <summary>Changes the message itself.</summary>
    public static void Redact(IMessage message, TypeRegistry types) => Redact(message, types, isSensitive: false);

    private static void Redact(IMessage message, TypeRegistry types, bool isSensitive)
    {
        if (message is Any packed)
        {
            Repack(packed, types, isSensitive);
            return;
        }

        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var hides = isSensitive || field.GetOptions()?.GetExtension(SensitiveExtensions.Sensitive) is true;
            if (field.IsMap)
            {
                RedactMap((IDictionary)field.Accessor.GetValue(message), types, hides);
            }
            else if (field.IsRepeated)
            {
                RedactList((IList)field.Accessor.GetValue(message), types, hides);
            }
            else if (!field.HasPresence || field.Accessor.HasValue(message))
            {
                RedactField(message, field, types, hides);
            }
        }
    }

    private static void Repack(Any packed, TypeRegistry types, bool isSensitive)
    {
        try
        {
            if (types.Find(Any.GetTypeName(packed.TypeUrl)) is { } type)
            {
                var message = type.Parser.ParseFrom(packed.Value);
                Redact(message, types, isSensitive);
                packed.Value = message.ToByteString();
                return;
            }

            if (!isSensitive)
            {
                return;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Who knows what it is: it is not shown.
        }

        (packed.TypeUrl, packed.Value) = ("", ByteString.Empty);
    }

    private static void RedactField(IMessage message, FieldDescriptor field, TypeRegistry types, bool hides)
    {
        switch (field.Accessor.GetValue(message))
        {
            case IMessage inner:
                Redact(inner, types, hides);
                break;
            case string { Length: > 0 } when hides:
                field.Accessor.SetValue(message, Redacted);
                break;
            case ByteString { IsEmpty: false } when hides:
                field.Accessor.SetValue(message, RedactedBytes);
                break;
            case not (string or ByteString) when hides:
                field.Accessor.Clear(message);
                break;
            default:
                break;
        }
    }

    private static void RedactList(IList values, TypeRegistry types, bool hides)
    {
        for (var i = 0; i < values.Count; i++)
        {
            switch (values[i])
            {
                case IMessage inner:
                    Redact(inner, types, hides);
                    break;
                case string when hides:
                    values[i] = Redacted;
                    break;
                case ByteString when hides:
                    values[i] = RedactedBytes;
                    break;
                default:
                    break;
            }
        }
    }

    private static void RedactMap(IDictionary values, TypeRegistry types, bool hides)
    {
        foreach (var key in values.Keys.Cast<object>().ToList())
        {
            switch (values[key])
            {
                case IMessage inner:
                    Redact(inner, types, hides);
                    break;
                case string when hides:
                    values[key] = Redacted;
                    break;
                case ByteString when hides:
                    values[key] = RedactedBytes;
                    break;
                default:
                    break;
            }
        }
    }
}
