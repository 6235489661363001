using System.Collections.Immutable;
using Weft.Flow;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Manifests.Yaml;

/// <summary>Makes a tree of the events of one document after the other.</summary>
internal sealed class TreeBuilder(string file)
{
    private const string TextTag = "tag:yaml.org,2002:str";

    private readonly Stack<Frame> _open = [];
    private Findings _findings = new();
    private Node? _root;

    /// <summary>How many lists and maps are open.</summary>
    public int Depth => _open.Count;

    public void Begin()
    {
        _open.Clear();
        _findings = new();
        _root = null;
    }

    /// <summary>The document, or null where it has no content.</summary>
    public YamlDocument? End() =>
        _root is null or ScalarNode { IsNull: true } && !_findings.HasErrors
            ? null
            : new(_root ?? Nothing(new(file)), _findings.All);

    public void Take(ParsingEvent next, SourcePosition where)
    {
        switch (next)
        {
            case Scalar scalar:
                Put(new ScalarNode(scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty, where));
                CheckTag(scalar, where);
                break;
            case SequenceStart or MappingStart:
                CheckTag((NodeEvent)next, where);
                _open.Push(next is MappingStart ? new MapFrame(where, _findings) : new ListFrame(where));
                break;
            case SequenceEnd or MappingEnd:
                Put(_open.Pop().Close());
                break;
            case AnchorAlias alias:
                _findings.Error(
                    "WEFT1008", where, $"The alias {Excerpt.Of(alias.Value.ToString())} is not accepted.",
                    "write the value out");
                Put(Nothing(where));
                break;
            default:
                // The stream's start and end carry nothing.
                break;
        }
    }

    private static ScalarNode Nothing(SourcePosition where) => new("", true, where);

    private void CheckTag(NodeEvent node, SourcePosition where)
    {
        // "!" and "!!str" only say that a scalar is text, which quotes say as well.
        var isText = node is Scalar && (node.Tag.IsNonSpecific || (!node.Tag.IsEmpty && node.Tag.Value == TextTag));
        if (!node.Tag.IsEmpty && !isText)
        {
            _findings.Error(
                "WEFT1009", where, $"The tag {Excerpt.Of(node.Tag.ToString())} is not accepted.", "remove the tag");
        }
    }

    private void Put(Node node)
    {
        if (_open.TryPeek(out var frame))
        {
            frame.Put(node);
        }
        else
        {
            _root = node;
        }
    }

    private abstract class Frame(SourcePosition where)
    {
        protected SourcePosition Where => where;

        public abstract void Put(Node node);

        public abstract Node Close();
    }

    private sealed class ListFrame(SourcePosition where) : Frame(where)
    {
        private readonly ImmutableArray<Node>.Builder _items = ImmutableArray.CreateBuilder<Node>();

        public override void Put(Node node) => _items.Add(node);

        public override Node Close() => new ListNode(_items.ToImmutable(), Where);
    }

    private sealed class MapFrame(SourcePosition where, Findings findings) : Frame(where)
    {
        private readonly ImmutableArray<Field>.Builder _fields = ImmutableArray.CreateBuilder<Field>();
        private readonly HashSet<string> _names = [];
        private Node? _name;

        public override void Put(Node node)
        {
            if (_name is null)
            {
                _name = node;
                return;
            }

            if (_name is not ScalarNode name)
            {
                findings.Error("WEFT1011", _name.Where, $"The name of a field is {_name.What}; it must be text.");
            }
            else if (_names.Add(name.Text))
            {
                _fields.Add(new(name, node));
            }
            else
            {
                findings.Error(
                    "WEFT1010", name.Where, $"The field {Excerpt.Of(name.Text)} stands twice in the same map.",
                    "remove one");
            }

            _name = null;
        }

        public override Node Close() => new MapNode(_fields.ToImmutable(), Where);
    }
}
