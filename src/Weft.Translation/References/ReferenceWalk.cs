using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Weft.Translation.Raw;

namespace Weft.Translation;

/// <summary>One walk over a message and all within it, in search of what they name.</summary>
internal sealed class ReferenceWalk
{
    // As for the walk of the rules: raw resources come from users.
    private const int MaxDepth = 200;
    private const int MaxPacked = 32;

    private static readonly ConcurrentDictionary<MessageDescriptor, ImmutableArray<FieldDescriptor>> Ways = new();

    private readonly HashSet<Reference> _seen = [];
    private readonly ImmutableArray<Reference>.Builder _found = ImmutableArray.CreateBuilder<Reference>();
    private int _depth;
    private int _packed;

    /// <summary>Each once, in the order in which they were met.</summary>
    public ImmutableArray<Reference> Found => _found.ToImmutable();

    public void Visit(IMessage message)
    {
        switch (message)
        {
            case Any any:
                VisitPacked(any);
                return;
            case ClusterLoadAssignment or Secret or ConfigSource:
                // The first two name nothing; the last names the server to ask, which is a matter of the bootstrap.
                return;
        }

        foreach (var reference in NamedResources.Of(message))
        {
            if (_seen.Add(reference))
            {
                _found.Add(reference);
            }
        }

        if (message is not (RouteConfiguration or VirtualHost) && _depth < MaxDepth)
        {
            _depth++;
            VisitFields(message);
            _depth--;
        }
    }

    private void VisitFields(IMessage message)
    {
        foreach (var field in Ways.GetOrAdd(message.Descriptor, WaysOf))
        {
            switch (field.Accessor.GetValue(message))
            {
                case IMessage one:
                    Visit(one);
                    break;
                case IDictionary map:
                    VisitAll(map.Values);
                    break;
                case IList list:
                    VisitAll(list);
                    break;
            }
        }
    }

    private void VisitAll(IEnumerable messages)
    {
        foreach (var message in messages)
        {
            Visit((IMessage)message!);
        }
    }

    private void VisitPacked(Any any)
    {
        if (_packed == MaxPacked || any.TypeUrl.Length == 0 || EnvoyTypes.Find(any.TypeUrl) is not { } type)
        {
            return;
        }

        try
        {
            _packed++;
            Visit(type.Parser.ParseFrom(any.Value));
        }
        catch (InvalidProtocolBufferException)
        {
            // The rules say so (WEFT3019), or the client will.
        }
        finally
        {
            _packed--;
        }
    }

    // Protobuf's own messages (durations, wrappers, structs) name nothing, but an Any may hold anything.
    private static ImmutableArray<FieldDescriptor> WaysOf(MessageDescriptor type) =>
        [.. type.Fields.InDeclarationOrder().Where(field => TypeOf(field) is { } held
            && (held.FullName == "google.protobuf.Any" || !held.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal)))];

    private static MessageDescriptor? TypeOf(FieldDescriptor field)
    {
        var held = field.IsMap ? field.MessageType.FindFieldByNumber(2) : field;
        return held.FieldType == FieldType.Message ? held.MessageType : null;
    }
}
