using System.Collections.Immutable;
using Weft.Flow;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Manifests.Yaml;

/// <summary>
/// Text → documents. Never throws and needs no recursion: the parser gives one event at a time, and the tree grows on
/// a stack of bounded depth. Aliases are refused, so no document is larger than its text.
/// </summary>
internal static class YamlReader
{
    public static YamlFile Read(string file, string text)
    {
        var documents = ImmutableArray.CreateBuilder<YamlDocument>();
        var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        Diagnostic? stop = null;
        try
        {
            var tree = new TreeBuilder(file);
            while (stop is null && parser.MoveNext())
            {
                stop = Take(file, parser.Current!, tree, documents);
            }
        }
        catch (YamlException e)
        {
            stop = Syntax(At(file, e.Start), e.Message);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            // The parser lets some checks of the runtime escape, such as that of \UFFFFFFFF, and then has no place to
            // tell; what it was reading follows its last event.
            stop = Syntax(At(file, parser.Current?.End ?? Mark.Empty), "there is a character or a tag that cannot be");
        }

        return new(documents.ToImmutable(), stop);
    }

    private static SourcePosition At(string file, Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    private static Diagnostic Syntax(SourcePosition where, string message) =>
        Diagnostic.Error(
            "WEFT1005", where, $"This is not YAML: {message.TrimEnd('.')}.", "nothing after this place was read");

    private static Diagnostic? Take(
        string file, ParsingEvent next, TreeBuilder tree, ImmutableArray<YamlDocument>.Builder documents)
    {
        var where = At(file, next.Start);
        switch (next)
        {
            case DocumentStart when documents.Count == YamlLimits.MaxDocuments:
                return Diagnostic.Error(
                    "WEFT1007", where, $"The file has more than {YamlLimits.MaxDocuments} documents.", "split it");
            case DocumentStart:
                tree.Begin();
                return null;
            case DocumentEnd:
                if (tree.End() is { } document)
                {
                    documents.Add(document);
                }

                return null;
            case SequenceStart or MappingStart when tree.Depth == YamlLimits.MaxDepth:
                return Diagnostic.Error(
                    "WEFT1006", where, $"Lists and maps stand more than {YamlLimits.MaxDepth} deep within each other.",
                    "nothing after this place was read");
            default:
                tree.Take(next, where);
                return null;
        }
    }
}
