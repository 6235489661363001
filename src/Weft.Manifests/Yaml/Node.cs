using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests.Yaml;

/// <summary>A value of a document, with the place where it begins.</summary>
internal abstract record Node(SourcePosition Where)
{
    /// <summary>What it is, as a message names it.</summary>
    public abstract string What { get; }
}

/// <summary>A scalar. What it stands for depends on where it stands, so it stays text until it is asked for.</summary>
/// <param name="IsPlain">Whether it stands without quotes, so that it may be a number, a truth value or null.</param>
internal sealed record ScalarNode(string Text, bool IsPlain, SourcePosition Where) : Node(Where)
{
    public override string What =>
        IsNull ? "nothing" : IsText ? "text" : $"the {Plain.KindOf(Text)} {Excerpt.Of(Text)}";

    /// <summary>Whether it is null: <c>key:</c>, <c>key: ~</c>, <c>key: null</c>.</summary>
    public bool IsNull => IsPlain && Plain.IsNull(Text);

    /// <summary>Whether Kubernetes takes it for a string; <c>version: 1</c> and <c>on: yes</c> are none.</summary>
    public bool IsText => !IsPlain || Plain.KindOf(Text) is null;
}

/// <summary>A sequence.</summary>
internal sealed record ListNode(ImmutableArray<Node> Items, SourcePosition Where) : Node(Where)
{
    public override string What => "a list";
}

/// <summary>A mapping; no two fields have the same name.</summary>
internal sealed record MapNode(ImmutableArray<Field> Fields, SourcePosition Where) : Node(Where)
{
    public override string What => "a map";
}

/// <summary>One entry of a mapping.</summary>
internal sealed record Field(ScalarNode Name, Node Value);
