using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Translation.Raw;

/// <summary>
/// Reads a file in the form of Envoy's own file subscriptions,
/// <c>{"version_info": …, "resources": [{"@type": …}, …]}</c>, in JSON or YAML, in one or several documents, of mixed
/// types. Every mistake is told, with its place.
/// </summary>
public static class RawReader
{
    private const string ResourcesKey = "resources";

    /// <summary>Reads one file.</summary>
    /// <param name="path">The name of the file for messages.</param>
    /// <param name="text">Its content; hostile content costs bounded time and never throws.</param>
    public static RawResources Read(string path, string text)
    {
        var found = new RawFindings(path);
        if (RawDocuments.Load(text, found) is not { } documents)
        {
            return new([], found.ToImmutable(), null, Parsed: false);
        }

        var content = documents.Where(document => !document.IsNull).ToList();
        if (content.Count == 0)
        {
            found.FileError(RawCodes.Empty, "The file is empty.", "delete it to withdraw its resources");
            return new([], found.ToImmutable(), null, Parsed: false);
        }

        var reading = new FileReading(found);
        var whole = true;
        foreach (var document in content)
        {
            whole &= reading.ReadDocument(document);
        }

        return whole ? reading.ToResources() : new([], found.ToImmutable(), reading.Label, Parsed: false);
    }

    /// <summary>The file as far as it is read.</summary>
    private sealed class FileReading(RawFindings found)
    {
        private readonly ImmutableArray<RawResource>.Builder _good = ImmutableArray.CreateBuilder<RawResource>();
        private readonly ImmutableArray<RefusedResource>.Builder _refused =
            ImmutableArray.CreateBuilder<RefusedResource>();
        private readonly Dictionary<(string, string), SourcePosition> _places = [];

        public string? Label { get; private set; }

        /// <summary>False when the document says nothing about resources, as a half-written one does.</summary>
        public bool ReadDocument(RawNode document)
        {
            if (document is not RawMapping mapping)
            {
                found.WrongKind("A file of resources", "a mapping", document);
                return false;
            }

            RawNode? resources = null;
            foreach (var (key, value) in mapping.Distinct(found))
            {
                switch (key.Text)
                {
                    case ResourcesKey:
                        resources = value;
                        break;
                    case "version_info" or "versionInfo":
                        Label ??= (value as RawScalar)?.Text;
                        break;
                    case "type_url" or "typeUrl" or "nonce" or "canary" or "control_plane" or "controlPlane":
                        // The rest of a DiscoveryResponse, which the form is: a file has no use for it.
                        break;
                    default:
                        ReportUnknown(key);
                        break;
                }
            }

            return ReadList(mapping, resources);
        }

        public RawResources ToResources() =>
            new(_good.ToImmutable(), found.ToImmutable(), Label, Parsed: true) { Refused = _refused.ToImmutable() };

        private bool ReadList(RawMapping mapping, RawNode? resources)
        {
            if (resources is not RawSequence list)
            {
                var at = resources is null or { IsNull: true } ? mapping : resources;
                found.Error(
                    RawCodes.NoResources, at.Mark, $"There is no list '{ResourcesKey}' here.",
                    $"write '{ResourcesKey}: []' if there shall be none");
                return false;
            }

            foreach (var item in list.Items)
            {
                Add(item);
            }

            return true;
        }

        private void Add(RawNode node)
        {
            var before = found.Errors;
            var entry = ResourceEntry.Read(node, found);
            var where = found.At(node.Mark);
            if (found.Errors == before)
            {
                entry.CheckRules(found);
            }

            if (found.Errors > before || entry.TypeUrl is null || entry.Name is null)
            {
                _refused.Add(new(entry.TypeUrl, entry.Name, where));
            }
            else if (_places.TryAdd((entry.TypeUrl, entry.Name), where))
            {
                _good.Add(new(entry.TypeUrl, entry.Name, entry.Body, entry.Message, where)
                {
                    TimeToLive = entry.TimeToLive,
                });
            }
            else
            {
                var first = _places[(entry.TypeUrl, entry.Name)];
                found.Error(
                    RawCodes.DuplicateResource, node.Mark,
                    $"{entry.ShortType} {Shown.Quoted(entry.Name)} is given twice, first at {first}.",
                    "rename or remove one");
            }
        }

        private void ReportUnknown(RawScalar key)
        {
            var nearest = Spelling.Nearest(key.Text, ["version_info", ResourcesKey]);
            found.Error(
                RawCodes.UnknownField, key.Mark, $"A file of resources has no field {Shown.Quoted(key.Text)}.",
                nearest is null ? null : $"did you mean '{nearest}'?");
        }
    }
}
