using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Translation.Raw;

/// <summary>Composes nodes from the parser's events. Gives up on the first bound that is exceeded.</summary>
internal sealed class RawComposer(IParser parser, RawFindings found)
{
    private const int MaxDepth = 100;

    /// <summary>How many nodes all aliases of a file may stand for: enough for sharing, too few for a bomb.</summary>
    private const int MaxAliased = 100_000;

    private readonly Dictionary<AnchorName, RawNode> _anchors = [];
    private int _aliased;

    public List<RawNode>? ReadAll()
    {
        var documents = new List<RawNode>();
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            parser.Consume<DocumentStart>();
            _anchors.Clear();
            if (ReadNode(1) is not { } node)
            {
                return null;
            }

            documents.Add(node);
            parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private RawNode? ReadNode(int depth)
    {
        var start = parser.Current ?? throw new InvalidOperationException("No node here.");
        if (depth > MaxDepth)
        {
            return Refuse(start, $"This lies more than {MaxDepth} levels deep.");
        }

        if (start is AnchorAlias alias)
        {
            parser.MoveNext();
            return ReadAlias(alias, depth);
        }

        RawNode? node = start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadSequence(start, depth),
            MappingStart => ReadMapping(start, depth),
            _ => throw new InvalidOperationException("No node here."),
        };
        if (node is not null && start is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor] = node;
        }

        return node;
    }

    private RawScalar ReadScalar(Scalar scalar)
    {
        parser.MoveNext();
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        var isText = tag switch
        {
            "tag:yaml.org,2002:str" or "tag:yaml.org,2002:binary" or "!" => true,
            "" => scalar.Style != ScalarStyle.Plain,
            _ => false,
        };
        return new(RawDocuments.MarkOf(scalar.Start), scalar.Value, isText);
    }

    private RawSequence? ReadSequence(ParsingEvent start, int depth)
    {
        parser.MoveNext();
        var sequence = new RawSequence(RawDocuments.MarkOf(start.Start), []);
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item)
            {
                return null;
            }

            sequence.Add(item);
        }

        return sequence;
    }

    private RawMapping? ReadMapping(ParsingEvent start, int depth)
    {
        parser.MoveNext();
        var mapping = new RawMapping(RawDocuments.MarkOf(start.Start), []);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } key || ReadNode(depth + 1) is not { } value)
            {
                return null;
            }

            mapping.Add(key, value);
        }

        return mapping;
    }

    private RawNode? ReadAlias(AnchorAlias alias, int depth)
    {
        // An anchor is known only once its node is complete, so no node can contain itself.
        if (!_anchors.TryGetValue(alias.Value, out var node))
        {
            found.Error(
                RawCodes.Syntax, RawDocuments.MarkOf(alias.Start),
                $"No anchor &{Shown.Plain(alias.Value.Value)} stands above.");
            return null;
        }

        _aliased += Math.Min(node.Size, MaxAliased);
        if (depth + node.Height - 1 > MaxDepth)
        {
            return Refuse(alias, $"With this alias the document lies more than {MaxDepth} levels deep.");
        }

        return _aliased > MaxAliased
            ? Refuse(alias, $"The aliases up to here stand for more than {MaxAliased} nodes.")
            : node;
    }

    private RawNode? Refuse(ParsingEvent at, string message)
    {
        found.Error(RawCodes.OverLimit, RawDocuments.MarkOf(at.Start), message);
        return null;
    }
}
