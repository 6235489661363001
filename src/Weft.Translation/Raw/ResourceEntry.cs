using Google.Protobuf;
using Google.Protobuf.Reflection;
using Weft.Translation.Validation;

namespace Weft.Translation.Raw;

/// <summary>
/// One item of the list: a resource, bare or in Envoy's wrapper <c>envoy.service.discovery.v3.Resource</c>, which
/// gives the name of a resource whose type has none or is not known, and a time to live.
/// </summary>
internal sealed record ResourceEntry(string? TypeUrl, string? Name, ByteString Body, IMessage? Message, RawNode Node)
{
    private const string WrapperType = "envoy.service.discovery.v3.Resource";

    private const int LongestPath = 1_000;

    // What is sent anew each third of less keeps a server busy; timers cannot wait for much more.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(100);

    private const string EndpointsType = "envoy.config.endpoint.v3.ClusterLoadAssignment";

    /// <summary>How long a client keeps it that hears no more of it; null for good.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The type without package, for messages.</summary>
    public string ShortType => TypeUrl is null ? "Resource" : TypeUrl[(TypeUrl.LastIndexOfAny(['.', '/']) + 1)..];

    /// <summary>Reads an item; what could be read of type and name is there even when findings refuse it.</summary>
    public static ResourceEntry Read(RawNode node, RawFindings found)
    {
        if (node is RawMapping mapping && mapping.Find(AnyText.TypeKey) is RawScalar type
            && EnvoyTypes.Find(type.Text)?.FullName == WrapperType)
        {
            return ReadWrapper(mapping, found);
        }

        var entry = ReadBare(node, found);
        return entry with { Name = entry.Identify(null, found) };
    }

    /// <summary>Adds a finding for each of Envoy's rules that the resource violates.</summary>
    public void CheckRules(RawFindings found)
    {
        if (Message is null)
        {
            return;
        }

        foreach (var violation in EnvoyRules.Check(Message))
        {
            found.Error(
                RawCodes.RuleViolated,
                found.IsFull ? Node.Mark : NodePlace.Find(Node, violation.Place).Mark,
                $"{ShortType} {Shown.Quoted(Name ?? "")}: {Shown.Plain(violation.Path, LongestPath)}:"
                + $" {violation.Rule}.");
        }
    }

    private static ResourceEntry ReadBare(RawNode node, RawFindings found)
    {
        var before = found.Errors;
        var (packed, message) = AnyText.Read(node, found);
        var typeUrl = packed.TypeUrl;
        if (typeUrl.Length == 0 && node is RawMapping { Entries.Count: 0 } empty)
        {
            AnyText.ReadTypeUrl(empty, found);
        }

        if (typeUrl.Length > 0 && !typeUrl.StartsWith(EnvoyTypes.Prefix, StringComparison.Ordinal))
        {
            found.Error(
                RawCodes.BadTypeKey, ((RawMapping)node).Find(AnyText.TypeKey)!.Mark,
                $"xDS asks for types by {EnvoyTypes.Prefix}…: nobody would get {Shown.Quoted(typeUrl)}.");
        }

        // Of an unknown type at least its URL is known, and with it which last good version may stay.
        var url = found.Errors > before && typeUrl.Length == 0 ? UrlOf(node) : typeUrl;
        return new(url, null, packed.Value, message, node);
    }

    private static string? UrlOf(RawNode node) =>
        ((node as RawMapping)?.Find(AnyText.TypeKey) as RawScalar)?.Text;

    private static ResourceEntry ReadWrapper(RawMapping wrapper, RawFindings found)
    {
        RawNode? inner = null;
        string? name = null;
        TimeSpan? life = null;
        var fields = FieldNames.Of(EnvoyTypes.Find(WrapperType)!);
        foreach (var (key, value) in wrapper.Distinct(found))
        {
            switch (key.Text)
            {
                case AnyText.TypeKey:
                    break;
                case "name":
                    name = ScalarText.ReadString(value, found, $"{WrapperType}.name");
                    break;
                case "resource":
                    inner = value;
                    break;
                case "ttl" when !value.IsNull:
                    life = ReadLife(value, found);
                    break;
                case { } other when fields.ContainsKey(other):
                    found.Warning(
                        RawCodes.WrapperFieldUnused, key.Mark,
                        $"'{other}' of a wrapper is not used: only its name, resource and ttl are.", "remove it");
                    break;
                default:
                    found.Error(
                        RawCodes.UnknownField, key.Mark,
                        $"{WrapperType} has no field {Shown.Quoted(key.Text)}; {EnvoyTypes.Note}.");
                    break;
            }
        }

        if (inner is null or { IsNull: true })
        {
            found.WrongKind(WrapperType, "a 'resource'", wrapper);
            return new(null, name, ByteString.Empty, null, wrapper);
        }

        var entry = ReadBare(inner, found);
        return entry with { Name = entry.Identify(name, found), TimeToLive = life };
    }

    private static TimeSpan? ReadLife(RawNode node, RawFindings found)
    {
        var before = found.Errors;
        var duration = TimeText.ReadDuration(node, found);
        if (found.Errors > before)
        {
            return null;
        }

        if (duration.Seconds >= 0 && duration.Seconds <= (long)LongestLife.TotalSeconds
            && duration.ToTimeSpan() is var life && life >= ShortestLife && life <= LongestLife)
        {
            return life;
        }

        found.Error(RawCodes.OutOfRange, node.Mark, "A 'ttl' is from 0.1s to 8640000s (100 days).");
        return null;
    }

    /// <summary>
    /// The name, from the message or its wrapper; nothing is told when the message could not be read.
    /// </summary>
    private string? Identify(string? given, RawFindings found)
    {
        var field = TypeUrl is null ? null : NameField(EnvoyTypes.Find(TypeUrl));
        var own = Message is null || field is null ? null : (string)field.Accessor.GetValue(Message);
        if (!string.IsNullOrEmpty(given) && !string.IsNullOrEmpty(own) && given != own)
        {
            found.Error(
                RawCodes.NamesDisagree, Node.Mark,
                $"The wrapper says {Shown.Quoted(given)}, the resource itself {Shown.Quoted(own)}.",
                "give both the same name");
        }

        var name = string.IsNullOrEmpty(given) ? own : given;
        if (!string.IsNullOrEmpty(name))
        {
            return name;
        }

        if (Body.IsEmpty && Message is null)
        {
            return null;
        }

        var place = field is null ? null : (Node as RawMapping)?.Find(field.Name);
        found.Error(
            RawCodes.NoName, (place ?? Node).Mark, $"{ShortType} has no name.",
            field is not null
                ? $"give it a '{field.Name}'"
                : $"wrap it in {EnvoyTypes.Prefix}{WrapperType}, with a 'name'");
        return null;
    }

    private static FieldDescriptor? NameField(MessageDescriptor? type) =>
        type?.FindFieldByName(type.FullName == EndpointsType ? "cluster_name" : "name") is
        { FieldType: FieldType.String, IsRepeated: false } field
            ? field
            : null;
}
