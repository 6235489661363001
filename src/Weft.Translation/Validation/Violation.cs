using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Google.Protobuf.Reflection;

namespace Weft.Translation.Validation;

/// <summary>A rule of Envoy's API that a message does not keep. Envoy refuses such a message.</summary>
/// <param name="Path">The field, such as <c>filter_chains[0].filters[1].name</c>; empty for the message itself.</param>
/// <param name="Rule">What is demanded, such as <c>must be greater than 0</c>.</param>
public sealed record Violation(string Path, string Rule)
{
    /// <summary>The same place as steps.</summary>
    internal ImmutableArray<PathStep> Place { get; init; } = [];

    /// <summary>As diagnostics say it: <c>filter_chains[0].name must not be empty</c>.</summary>
    public override string ToString() => Path.Length == 0 ? Rule : $"{Path} {Rule}";

    internal static Violation At(ImmutableArray<PathStep> place, string rule)
    {
        var path = new StringBuilder();
        foreach (var step in place)
        {
            step.AppendTo(path);
        }

        return new(path.ToString(), rule) { Place = place };
    }
}

/// <summary>One step into a message: into a field, then perhaps to an item or an entry.</summary>
internal readonly record struct PathStep(FieldDescriptor? Field, int Index = -1, string? Key = null)
{
    public void AppendTo(StringBuilder path)
    {
        if (Field is not null)
        {
            _ = path.Length > 0 ? path.Append('.') : path;
            path.Append(Field.Name);
        }
        else if (Key is not null)
        {
            path.Append("[\"").Append(Key).Append("\"]");
        }
        else
        {
            path.Append(CultureInfo.InvariantCulture, $"[{Index}]");
        }
    }
}
