using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Preview;

/// <summary>A field that differs.</summary>
/// <param name="Path">From the message on: <c>virtual_hosts[reviews].routes[0].timeout</c>.</param>
/// <param name="Before">As Envoy writes it; null where it was not set.</param>
/// <param name="After">As Envoy writes it; null where it is not set.</param>
internal sealed record FieldChange(string Path, string? Before, string? After)
{
    private const string Nothing = "(unset)";

    public override string ToString() =>
        $"{Path}: {(Before is null ? Nothing : Words.Shown(Before))} → {(After is null ? Nothing : Words.Shown(After))}";
}

/// <summary>Which fields of two messages of a type differ. Items that have a name are compared with those of the same name.</summary>
internal sealed class FieldDiff
{
    /// <summary>What goes beyond is not told: a message that is another one altogether is not worth a thousand lines.</summary>
    public const int MostChanges = 200;

    private readonly ImmutableArray<FieldChange>.Builder _changes = ImmutableArray.CreateBuilder<FieldChange>();

    private FieldDiff()
    {
    }

    public static ImmutableArray<FieldChange> Of(IMessage before, IMessage after)
    {
        var diff = new FieldDiff();
        diff.Messages("", before, after);
        return diff._changes.ToImmutable();
    }

    private void Messages(string path, IMessage before, IMessage after)
    {
        if (before.Equals(after) || _changes.Count >= MostChanges)
        {
            return;
        }

        if (before is Any one && after is Any other)
        {
            Anys(path, one, other);
        }
        else if (before.Descriptor != after.Descriptor || IsPlain(before.Descriptor))
        {
            Add(path, Text(before), Text(after));
        }
        else
        {
            foreach (var field in before.Descriptor.Fields.InDeclarationOrder())
            {
                Fields(path.Length == 0 ? field.Name : $"{path}.{field.Name}", field, before, after);
            }
        }
    }

    // What is one value to people, though it is a message.
    private static bool IsPlain(MessageDescriptor type) => type.File.Package == "google.protobuf";

    private void Anys(string path, Any before, Any after)
    {
        if (before.TypeUrl == after.TypeUrl
            && EnvoyMessages.Of(before.TypeUrl, before.Value) is { } one
            && EnvoyMessages.Of(after.TypeUrl, after.Value) is { } other)
        {
            Messages(path, one, other);
        }
        else
        {
            Add(path, before.TypeUrl, after.TypeUrl);
        }
    }

    private void Fields(string path, FieldDescriptor field, IMessage before, IMessage after)
    {
        var (one, other) = (field.Accessor.GetValue(before), field.Accessor.GetValue(after));
        if (Equals(one, other))
        {
            return;
        }

        if (field.IsMap)
        {
            Maps(path, (IDictionary)one, (IDictionary)other);
        }
        else if (field.IsRepeated)
        {
            Lists(path, (IList)one, (IList)other);
        }
        else
        {
            Values(path, IsSet(field, before) ? Named(field, one) : null, IsSet(field, after) ? Named(field, other) : null);
        }
    }

    // A choice by the name that Envoy's API gives it.
    private static object Named(FieldDescriptor field, object value) => field.FieldType == FieldType.Enum
        ? field.EnumType.FindValueByNumber(Convert.ToInt32(value, CultureInfo.InvariantCulture))?.Name ?? value
        : value;

    private void Values(string path, object? before, object? after)
    {
        if (before is IMessage one && after is IMessage other)
        {
            Messages(path, one, other);
        }
        else if (!Equals(before, after))
        {
            Add(path, Text(before), Text(after));
        }
    }

    private void Maps(string path, IDictionary before, IDictionary after)
    {
        foreach (var key in before.Keys.Cast<object>().Union(after.Keys.Cast<object>()))
        {
            Values(
                string.Create(CultureInfo.InvariantCulture, $"{path}[{key}]"),
                before.Contains(key) ? before[key] : null, after.Contains(key) ? after[key] : null);
        }
    }

    private void Lists(string path, IList before, IList after)
    {
        var (ones, others) = (Keyed(before), Keyed(after));
        foreach (var key in ones.Keys.Union(others.Keys))
        {
            Values($"{path}[{key}]", ones.GetValueOrDefault(key), others.GetValueOrDefault(key));
        }

        if (ones.Count == others.Count && ones.Keys.All(others.ContainsKey) && !ones.Keys.SequenceEqual(others.Keys))
        {
            Add(path, string.Join(", ", ones.Keys), string.Join(", ", others.Keys));
        }
    }

    // By name where every item has one of its own, else by place.
    private static OrderedDictionary<string, object> Keyed(IList items)
    {
        var keyed = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (NameOf(item) is not { Length: > 0 } name || !keyed.TryAdd(name, item!))
            {
                return ByPlace(items);
            }
        }

        return keyed;
    }

    private static OrderedDictionary<string, object> ByPlace(IList items)
    {
        var keyed = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            keyed.Add(keyed.Count.ToString(CultureInfo.InvariantCulture), item!);
        }

        return keyed;
    }

    private static string? NameOf(object? item) =>
        item is IMessage message && message.Descriptor.FindFieldByName("name") is
        { FieldType: FieldType.String, IsRepeated: false } name
            ? (string)name.Accessor.GetValue(message)
            : null;

    private static bool IsSet(FieldDescriptor field, IMessage message) => field.HasPresence
        ? field.Accessor.HasValue(message)
        : field.Accessor.GetValue(message) is var value && value switch
        {
            string text => text.Length > 0,
            ByteString bytes => !bytes.IsEmpty,
            bool yes => yes,
            System.Enum chosen => Convert.ToInt64(chosen, CultureInfo.InvariantCulture) != 0,
            IConvertible number => number.ToDouble(CultureInfo.InvariantCulture) != 0,
            _ => value is not null,
        };

    private static string? Text(object? value) => value switch
    {
        null => null,
        IMessage message => Text(message),
        ByteString bytes => bytes.ToBase64(),
        string text => text,
        bool yes => yes ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Text(IMessage message)
    {
        try
        {
            return EnvoyJson.Text(message);
        }
        catch (InvalidOperationException)
        {
            // An Any of a type that is not known here, or a time out of its range.
            return $"({message.Descriptor.Name}, {message.CalculateSize()} bytes)";
        }
    }

    private void Add(string path, string? before, string? after)
    {
        if (_changes.Count < MostChanges)
        {
            _changes.Add(new(path, before, after));
        }
    }
}
