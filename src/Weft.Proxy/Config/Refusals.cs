using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Proxy.Config;

/// <summary>
/// What a resource asks for that the proxy cannot do. All findings are collected; they become the NACK's text.
/// </summary>
internal sealed class Refusals
{
    private const int MostTold = 8;
    private readonly List<string> _found = [];

    public bool IsEmpty => _found.Count == 0;

    public void Add(string where, string what) => _found.Add($"{where}: {what}");

    /// <summary>
    /// Refuses every field that is set and not among <paramref name="known"/>. What the proxy does not know it must
    /// not accept in silence: Envoy would have obeyed it.
    /// </summary>
    public void AddUnknown(IMessage? message, string where, IReadOnlySet<string> known)
    {
        if (message is null)
        {
            return;
        }

        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (!known.Contains(field.Name) && IsSet(message, field))
            {
                Add(where, $"{field.Name} is not supported by Weft.Proxy");
            }
        }
    }

    /// <summary>Refuses every field that is set.</summary>
    public void AddAll(IMessage? message, string where) => AddUnknown(message, where, FrozenSet<string>.Empty);

    /// <summary>Refuses a field whose value asks for something else than the proxy does anyway.</summary>
    public void AddIf(bool asks, string where, string field)
    {
        if (asks)
        {
            Add(where, $"{field} is not supported by Weft.Proxy");
        }
    }

    /// <summary>A duration that is not negative, or null where it is unset.</summary>
    public TimeSpan? Read(Duration? duration, string where)
    {
        if (duration is null)
        {
            return null;
        }

        // A sender may write any numbers; the library's conversion throws on those that are not normal.
        if (duration.Seconds is < 0 or > Duration.MaxSeconds || duration.Nanos is < 0 or > 999_999_999)
        {
            Add(where, "the duration is out of range");
            return null;
        }

        return duration.ToTimeSpan();
    }

    public override string ToString() => _found.Count <= MostTold
        ? string.Join("; ", _found)
        : $"{string.Join("; ", _found.Take(MostTold))}; and {_found.Count - MostTold} more";

    private static bool IsSet(IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated)
        {
            return field.Accessor.GetValue(message) is System.Collections.ICollection { Count: > 0 };
        }

        if (field.HasPresence)
        {
            return field.Accessor.HasValue(message);
        }

        return field.Accessor.GetValue(message) switch
        {
            bool value => value,
            string value => value.Length > 0,
            ByteString value => !value.IsEmpty,
            var value => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) != 0,
        };
    }
}
