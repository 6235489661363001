using System.Collections.Immutable;

namespace Weft.Xds.Streams;

/// <summary>The responses of one step, in wire order. Numbers them, and splits what is too large for one message.</summary>
/// <param name="maxBytes">How many bytes of resources one response may hold, unless a single one is larger.</param>
internal sealed class Outbox(int maxBytes)
{
    // A generous guess at a name's bytes on the wire; StreamLimits bounds what a client may name.
    private const int MostBytesOfName = 512;

    // Most steps have none; most others one, or two: clusters and their endpoints.
    private const int Usual = 2;

    private Response[] _responses = new Response[Usual];
    private int _count;
    private long _nonce;

    /// <summary>The time of the stream at which responses are added, in seconds.</summary>
    public uint Second { get; set; }

    /// <summary>Whether the client is told of times to live.</summary>
    public bool TellsLifetimes { get; set; }

    /// <summary>The responses of this step. They stand until the next <see cref="Begin"/>.</summary>
    public ArraySegment<Response> Responses => new(_responses, 0, _count);

    /// <summary>A step begins: nobody needs the responses of the one before any more.</summary>
    public void Begin()
    {
        if (_responses.Length > Usual)
        {
            _responses = new Response[Usual];
        }

        Array.Clear(_responses);
        _count = 0;
    }

    /// <summary>One response with everything: where absence means deletion it cannot be split.</summary>
    /// <param name="map">Of which it is all that the client wants; null where there is more in it.</param>
    public void AddWhole(
        TypeState type, ImmutableArray<XdsResource> resources, ImmutableArray<ResourceError> errors, ResourceMap? map = null) =>
        Add(type, resources, [], errors, map);

    /// <summary>As many responses as the size asks for. "Each resource can be its own response" (xds_protocol.rst).</summary>
    /// <param name="map">Of which the resources are all that the client wants; null where it has some already.</param>
    public void AddParts(
        TypeState type,
        ImmutableArray<XdsResource> resources,
        ImmutableArray<string> removed,
        ImmutableArray<ResourceError> errors,
        ResourceMap? map = null)
    {
        // Names are split apart from resources, and by their own size: each is far smaller than a response.
        var most = Math.Max(1, maxBytes / MostBytesOfName);
        if (removed.IsEmpty && errors.Length <= most && Fits(resources))
        {
            Add(type, resources, [], errors, map);
            return;
        }

        var parts = Split(resources);
        if (map is not null && removed.IsEmpty && errors.IsEmpty)
        {
            type.DeliverAll(map, parts.AsSpan(), _nonce + 1, Second);
            foreach (var each in parts)
            {
                AddDelivered(type, each, [], []);
            }

            return;
        }

        foreach (var each in parts.SkipLast(1))
        {
            Add(type, each, [], []);
        }

        foreach (var some in errors.Chunk(most).SkipLast(1))
        {
            Add(type, [], [], [.. some]);
        }

        foreach (var names in removed.Chunk(most).SkipLast(1))
        {
            Add(type, [], [.. names], []);
        }

        Add(type, parts[^1], [.. removed.Chunk(most).LastOrDefault() ?? []], [.. errors.Chunk(most).LastOrDefault() ?? []]);
    }

    /// <summary>
    /// "Lightweight TTL updates": of what the client has, nothing but the time to live. They "will not be treated as
    /// resource updates, but only as TTL updates" (xds_protocol.rst, "TTL").
    /// </summary>
    public void AddHeartbeats(TypeState type, IEnumerable<XdsResource> resources, string version)
    {
        foreach (var part in resources.Chunk(Math.Max(1, maxBytes / MostBytesOfName)))
        {
            _nonce++;
            type.Responded(_nonce);
            Add(new(type.TypeUrl, version, _nonce, [.. part], [])
            {
                Lifetimes = Lifetimes.Renewed,
            });
        }
    }

    private ImmutableArray<ImmutableArray<XdsResource>> Split(ImmutableArray<XdsResource> resources)
    {
        var parts = ImmutableArray.CreateBuilder<ImmutableArray<XdsResource>>();
        var (from, bytes) = (0, 0L);
        for (var i = 0; i < resources.Length; i++)
        {
            if (i > from && bytes + resources[i].Size > maxBytes)
            {
                parts.Add(resources[from..i]);
                (from, bytes) = (i, 0);
            }

            bytes += resources[i].Size;
        }

        parts.Add(resources[from..]);
        return parts.ToImmutable();
    }

    private bool Fits(ImmutableArray<XdsResource> resources)
    {
        long bytes = 0;
        foreach (var resource in resources)
        {
            bytes += resource.Size;
        }

        return bytes <= maxBytes;
    }

    private void Add(
        TypeState type,
        ImmutableArray<XdsResource> resources,
        ImmutableArray<string> removed,
        ImmutableArray<ResourceError> errors,
        ResourceMap? map = null)
    {
        if (map is not null)
        {
            type.DeliverAll(map, [resources], _nonce + 1, Second);
        }

        foreach (var resource in map is null ? resources : [])
        {
            if (resource.Kept is { } kept)
            {
                type.Deliver(kept, _nonce + 1, Second);
            }
        }

        foreach (var name in removed)
        {
            type.Forget(name);
        }

        if (!removed.IsEmpty && !resources.IsEmpty)
        {
            type.Trial.Removed(_nonce + 1, removed);
        }

        AddDelivered(type, resources, removed, errors);
    }

    private void AddDelivered(
        TypeState type,
        ImmutableArray<XdsResource> resources,
        ImmutableArray<string> removed,
        ImmutableArray<ResourceError> errors)
    {
        _nonce++;
        type.Responded(_nonce);
        type.Owed = false;
        Add(new(type.TypeUrl, VersionText.Of(type.Hash), _nonce, resources, removed)
        {
            Lifetimes = TellsLifetimes ? Lifetimes.Said : Lifetimes.Unsaid,
            Errors = errors,
        });
    }

    private void Add(Response response)
    {
        if (_count == _responses.Length)
        {
            Array.Resize(ref _responses, 2 * _count);
        }

        _responses[_count++] = response;
    }
}
