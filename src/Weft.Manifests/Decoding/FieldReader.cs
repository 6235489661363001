using System.Globalization;
using Weft.Flow;
using Weft.Manifests.Yaml;

namespace Weft.Manifests.Decoding;

/// <summary>
/// Reads the fields of one map and remembers which names it was asked for, so that <see cref="Close"/> can tell what
/// nobody reads. A field whose value is null counts as absent, as it does for Kubernetes.
/// </summary>
internal sealed class FieldReader(MapNode map, string path, Findings findings)
{
    private readonly HashSet<string> _known = [];

    public SourcePosition Where => map.Where;

    public Findings Findings => findings;

    /// <summary>The full name of a field, such as <c>spec.rules[0].name</c>.</summary>
    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The value of a field, null where it is absent.</summary>
    public Node? Find(string name)
    {
        _known.Add(name);
        var value = map.Fields.FirstOrDefault(f => f.Name.Text == name)?.Value;
        return value is ScalarNode { IsNull: true } ? null : value;
    }

    public ScalarNode? Text(string name) => Find(name) is { } node ? AsText(node, PathOf(name)) : null;

    /// <summary>A whole number, within <see cref="int"/>.</summary>
    public (int Value, SourcePosition Where)? Number(string name) =>
        Find(name) is { } node ? AsNumber(node, PathOf(name)) : null;

    /// <summary>The whole numbers of a list.</summary>
    public IEnumerable<(int Value, SourcePosition Where)> Numbers(string name) =>
        List(name).Select(i => AsNumber(i.Item, i.Path)).OfType<(int, SourcePosition)>();

    public bool? Truth(string name)
    {
        if (Find(name) is not { } node)
        {
            return null;
        }

        var truth = node is ScalarNode { IsPlain: true } scalar ? Plain.TruthOf(scalar.Text) : null;
        if (truth is null)
        {
            Mistyped(node, PathOf(name), "true or false");
        }

        return truth;
    }

    public FieldReader? Map(string name) => Find(name) is { } node ? AsMap(node, PathOf(name)) : null;

    /// <summary>The items of a list, with their full names; none where it is absent.</summary>
    public IEnumerable<(Node Item, string Path)> List(string name)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case ListNode list:
                return list.Items.Select((item, i) => (item, $"{PathOf(name)}[{i}]"));
            case var other:
                Mistyped(other, PathOf(name), "a list");
                return [];
        }
    }

    public IEnumerable<FieldReader> Maps(string name) =>
        List(name).Select(i => AsMap(i.Item, i.Path)).OfType<FieldReader>();

    public IEnumerable<ScalarNode> Texts(string name) =>
        List(name).Select(i => AsText(i.Item, i.Path)).OfType<ScalarNode>();

    /// <summary>The entries of a map whose names are the user's.</summary>
    public IEnumerable<(ScalarNode Name, ScalarNode Value)> Entries(string name)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case MapNode entries:
                return entries.Fields.SelectMany<Field, (ScalarNode, ScalarNode)>(
                    f => AsText(f.Value, $"{PathOf(name)}.{f.Name.Text}") is { } text ? [(f.Name, text)] : []);
            case var other:
                Mistyped(other, PathOf(name), "a map");
                return [];
        }
    }

    /// <summary>Reports a field that must be there and is not.</summary>
    public void Missing(string name, string? fix = null) =>
        findings.Error("WEFT1012", Where, $"{PathOf(name)} is missing.", fix);

    /// <summary>Reports each of these fields that is not there.</summary>
    public void Require(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is null)
            {
                Missing(name);
            }
        }
    }

    /// <summary>Whether a field that is there was meant to be this one, which is not.</summary>
    public bool Misspells(string name) =>
        map.Fields.Any(f => f.Name.Text != name && !_known.Contains(f.Name.Text) && Spelling.Nearest(f.Name.Text, [name]) is not null);

    /// <summary>Reports each of these fields that has a value: to drop it would change the meaning.</summary>
    public void Unsupported(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } node and not (ListNode { Items.IsEmpty: true } or MapNode { Fields.IsEmpty: true }))
            {
                findings.Error("WEFT1201", node.Where, $"{PathOf(name)} is not supported yet.", "remove it");
            }
        }
    }

    /// <summary>Reports a field that has a value and that nothing is done with, where the rest means the same without it.</summary>
    public void NoEffect(string name, string why, string fix)
    {
        if (Find(name) is { } node)
        {
            findings.Warning("WEFT1206", node.Where, $"{PathOf(name)} has no effect: {why}.", fix);
        }
    }

    /// <summary>Lets these fields pass: they are right where they stand and mean nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _known.Add(name);
        }
    }

    /// <summary>Reports the fields that nobody asked for.</summary>
    public void Close()
    {
        foreach (var field in map.Fields.Where(f => !_known.Contains(f.Name.Text)))
        {
            var meant = Spelling.Nearest(field.Name.Text, _known);
            findings.Warning(
                "WEFT1013", field.Name.Where,
                $"The field {Excerpt.Of(PathOf(field.Name.Text))} is unknown and has no effect.",
                meant is null ? "remove it" : $"did you mean {meant}?");
        }
    }

    private ScalarNode? AsText(Node node, string name)
    {
        if (node is ScalarNode { IsText: true } text)
        {
            return text;
        }

        Mistyped(node, name, "text", node is ScalarNode { IsNull: false } ? "put it in quotes" : null);
        return null;
    }

    private (int Value, SourcePosition Where)? AsNumber(Node node, string name)
    {
        if (node is ScalarNode { IsPlain: true } scalar
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return (value, node.Where);
        }

        Mistyped(node, name, "a whole number");
        return null;
    }

    private FieldReader? AsMap(Node node, string name)
    {
        if (node is MapNode found)
        {
            return new(found, name, findings);
        }

        Mistyped(node, name, "a map");
        return null;
    }

    private void Mistyped(Node node, string name, string wanted, string? fix = null) =>
        findings.Error("WEFT1011", node.Where, $"{name} is {node.What}; it must be {wanted}.", fix);
}
