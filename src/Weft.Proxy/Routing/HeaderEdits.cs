using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Weft.Proxy.Forwarding;

namespace Weft.Proxy.Routing;

internal enum HeaderEditKind
{
    Append,
    AddIfAbsent,
    Overwrite,
    OverwriteIfPresent,
}

/// <summary>One header to write.</summary>
/// <param name="KeepsEmpty">Whether it is written although its value is empty.</param>
internal readonly record struct HeaderEdit(string Name, ValueFormat Value, HeaderEditKind Kind, bool KeepsEmpty);

/// <summary>Changes to a header block: as in Envoy, first what goes, then what comes.</summary>
internal sealed record HeaderEdits(ImmutableArray<string> Remove, ImmutableArray<HeaderEdit> Add)
{
    public bool IsNone => Remove.IsEmpty && Add.IsEmpty;

    public static HeaderEdits None { get; } = new([], []);

    /// <param name="exchange">That of the request, for values that are made of it.</param>
    public void Apply(IHeaderDictionary headers, Exchange exchange)
    {
        foreach (var name in Remove)
        {
            headers.Remove(name);
        }

        foreach (var edit in Add)
        {
            var value = edit.Value.Of(exchange);
            if (value.Length == 0 && !edit.KeepsEmpty)
            {
                continue;
            }

            var present = headers.TryGetValue(edit.Name, out var values);
            switch (edit.Kind)
            {
                case HeaderEditKind.Append:
                    headers[edit.Name] = StringValues.Concat(values, value);
                    break;
                case HeaderEditKind.Overwrite:
                case HeaderEditKind.AddIfAbsent when !present:
                case HeaderEditKind.OverwriteIfPresent when present:
                    headers[edit.Name] = value;
                    break;
                case HeaderEditKind.AddIfAbsent or HeaderEditKind.OverwriteIfPresent:
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }
}
