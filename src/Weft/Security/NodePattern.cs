using Weft.ControlPlane;
using Weft.Model;

namespace Weft.Security;

/// <summary>Some node ids: <c>NAME.NAMESPACE</c>, each of which may end with <c>*</c>, the namespace only be one.</summary>
internal sealed record NodePattern(string Name, bool IsPrefix, string Namespace)
{
    private const string Any = "*";

    public static NodePattern Exact(string name, string space) => new(name, false, space);

    public static NodePattern Prefix(string prefix, string space) => new(prefix, true, space);

    /// <summary>Reads a pattern; null where it is none. <c>*</c> alone is every node.</summary>
    public static NodePattern? Parse(string text)
    {
        if (text == Any)
        {
            return Prefix("", Any);
        }

        var (space, name) = (NodeGroup.NameOf(text).Namespace, NodeGroup.NameOf(text).Name);
        var prefix = name.EndsWith('*') ? name[..^1] : null;
        return name.Length > 0 && IsPlain(prefix ?? name) && (space == Any || (space.Length > 0 && IsPlain(space)))
            ? new(prefix ?? name, prefix is not null, space)
            : null;
    }

    public bool Matches(ObjectName node) =>
        (Namespace == Any || Namespace == node.Namespace)
        && (IsPrefix ? node.Name.StartsWith(Name, StringComparison.Ordinal) : node.Name == Name);

    public override string ToString() => (Name, IsPrefix, Namespace) == ("", true, Any)
        ? Any
        : $"{Name}{(IsPrefix ? Any : "")}.{Namespace}";

    private static bool IsPlain(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
