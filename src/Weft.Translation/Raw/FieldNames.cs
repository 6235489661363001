using System.Collections.Concurrent;
using System.Collections.Frozen;
using Google.Protobuf.Reflection;

namespace Weft.Translation.Raw;

/// <summary>The fields of a type by both names that JSON may use: lowerCamelCase and the original one.</summary>
internal static class FieldNames
{
    private static readonly ConcurrentDictionary<MessageDescriptor, FrozenDictionary<string, FieldDescriptor>> Known =
        new();

    public static FrozenDictionary<string, FieldDescriptor> Of(MessageDescriptor type) =>
        Known.GetOrAdd(type, static message =>
        {
            var names = new Dictionary<string, FieldDescriptor>(StringComparer.Ordinal);
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                names[field.Name] = field;
                names[field.JsonName] = field;
            }

            return names.ToFrozenDictionary(StringComparer.Ordinal);
        });
}
