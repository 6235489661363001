using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Translation.Raw;

/// <summary>Every message type of the API (and protobuf's own) by its full name.</summary>
internal static class EnvoyTypes
{
    /// <summary>What xDS puts before a type's full name.</summary>
    public const string Prefix = "type.googleapis.com/";

    /// <summary>Told beside everything unknown: it may well exist in another year's API.</summary>
    public static readonly string Note = $"this program knows Envoy's API of {EnvoyApi.EnvoyApi.Date}";

    /// <summary>Protobuf's own files: an Any may hold their messages even where the API imports none of them.</summary>
    private static readonly FileDescriptor[] WellKnown =
    [
        AnyReflection.Descriptor,
        DurationReflection.Descriptor,
        EmptyReflection.Descriptor,
        FieldMaskReflection.Descriptor,
        StructReflection.Descriptor,
        TimestampReflection.Descriptor,
        WrappersReflection.Descriptor,
    ];

    private const string TrimmedTypes = "A type without the metadata of its property is found among all that are known.";

    // To know all types takes half a second of a process's first: what is asked for is mostly found without.
    private static readonly Lazy<FrozenDictionary<string, MessageDescriptor>> Known = new(Collect);
    private static readonly ConcurrentDictionary<string, MessageDescriptor?> Found = new(StringComparer.Ordinal);

    /// <summary>The type a URL names (what stands before the last slash does not matter), or null.</summary>
    public static MessageDescriptor? Find(string typeUrl)
    {
        var name = typeUrl[(typeUrl.LastIndexOf('/') + 1)..];
        if (Found.TryGetValue(name, out var found))
        {
            return found;
        }

        found = Generated(name) ?? Known.Value.GetValueOrDefault(name);
        // Names that are none come from users, and would fill memory.
        return found is null ? null : Found.GetOrAdd(name, found);
    }

    /// <summary>The known full name nearest to one that is not known, or null.</summary>
    public static string? Nearest(string typeUrl) =>
        Spelling.Nearest(typeUrl[(typeUrl.LastIndexOf('/') + 1)..], Known.Value.Keys);

    /// <summary>
    /// Whether the JSON mapping of the type is no mapping of its fields: in an Any it stands under "value".
    /// </summary>
    public static bool HasOwnJson(MessageDescriptor type) => type.FullName switch
    {
        "google.protobuf.Any" or "google.protobuf.Duration" or "google.protobuf.Timestamp" => true,
        "google.protobuf.FieldMask" or "google.protobuf.Struct" or "google.protobuf.Value" => true,
        "google.protobuf.ListValue" or "google.protobuf.Empty" => true,
        _ => IsWrapper(type),
    };

    /// <summary>Whether it is StringValue, UInt32Value …: a scalar that knows whether it is there.</summary>
    public static bool IsWrapper(MessageDescriptor type) => type.File == WrappersReflection.Descriptor;

    // protoc makes the namespace of the package: each part begins with a capital, as does what follows an underscore.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = TrimmedTypes)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = TrimmedTypes)]
    private static MessageDescriptor? Generated(string name)
    {
        // What is no name of a type would be read as something else, an array or a generic, or throw.
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_'))
        {
            return null;
        }

        var type = string.Join('.', name.Split('.').Select(
            part => string.Concat(part.Split('_').Select(word => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..]))));
        return typeof(EnvoyApi.EnvoyApi).Assembly.GetType(type)?.GetProperty("Descriptor")?.GetValue(null) is MessageDescriptor made
            && made.FullName == name
            ? made
            : null;
    }

    private static FrozenDictionary<string, MessageDescriptor> Collect()
    {
        var types = new Dictionary<string, MessageDescriptor>(StringComparer.Ordinal);
        var files = new HashSet<FileDescriptor>();
        var waiting = new Stack<FileDescriptor>([.. EnvoyApi.EnvoyApi.Files, .. WellKnown]);
        while (waiting.TryPop(out var file))
        {
            if (!files.Add(file))
            {
                continue;
            }

            foreach (var type in file.MessageTypes)
            {
                Add(type, types);
            }

            foreach (var dependency in file.Dependencies)
            {
                waiting.Push(dependency);
            }
        }

        return types.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static void Add(MessageDescriptor type, Dictionary<string, MessageDescriptor> types)
    {
        // Entries of maps are messages only on the wire.
        if (type.GetOptions() is { MapEntry: true })
        {
            return;
        }

        types[type.FullName] = type;
        foreach (var nested in type.NestedTypes)
        {
            Add(nested, types);
        }
    }
}
