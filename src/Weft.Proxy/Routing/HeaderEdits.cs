using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Weft.Proxy.Routing;

internal enum HeaderEditKind
{
    Append,
    AddIfAbsent,
    Overwrite,
    OverwriteIfPresent,
}

/// <summary>One header to write.</summary>
internal readonly record struct HeaderEdit(string Name, string Value, HeaderEditKind Kind);

/// <summary>Changes to a header block: as in Envoy, first what goes, then what comes.</summary>
internal sealed record HeaderEdits(ImmutableArray<string> Remove, ImmutableArray<HeaderEdit> Add)
{
    public bool IsNone => Remove.IsEmpty && Add.IsEmpty;

    public void Apply(IHeaderDictionary headers)
    {
        foreach (var name in Remove)
        {
            headers.Remove(name);
        }

        foreach (var edit in Add)
        {
            var present = headers.TryGetValue(edit.Name, out var values);
            switch (edit.Kind)
            {
                case HeaderEditKind.Append:
                    headers[edit.Name] = StringValues.Concat(values, edit.Value);
                    break;
                case HeaderEditKind.Overwrite:
                case HeaderEditKind.AddIfAbsent when !present:
                case HeaderEditKind.OverwriteIfPresent when present:
                    headers[edit.Name] = edit.Value;
                    break;
                case HeaderEditKind.AddIfAbsent or HeaderEditKind.OverwriteIfPresent:
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }
}
