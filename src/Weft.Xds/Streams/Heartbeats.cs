using System.Runtime.InteropServices;
using Weft.Flow;

namespace Weft.Xds.Streams;

/// <summary>
/// When a client is told again of what it has that has a time to live. Only streams of clients that know of such have
/// one. "Each resource will have its own TTL expiry time" (xds_protocol.rst, "TTL"); what is nearly due goes along with
/// what is due, so that a client hears few responses. Plain mutable state with a single owner, the stream's machine.
/// </summary>
internal sealed class Heartbeats
{
    private readonly Dictionary<string, Schedule> _types = new(StringComparer.Ordinal);

    /// <summary>When the next one is due; null where nothing that the client has has a time to live.</summary>
    public TimeSpan? Next { get; private set; }

    /// <summary>Takes note of what is sent now.</summary>
    public void Sent(IReadOnlyList<Response> responses, TimeSpan now)
    {
        foreach (var response in responses)
        {
            foreach (var resource in response.Resources)
            {
                if (resource.Lifetime is { } lifetime)
                {
                    Of(response.TypeUrl).Due[resource.Name] = (now + lifetime.Heartbeat, resource.Hash);
                    Next = Earlier(Next, now + lifetime.Heartbeat);
                }
            }

            if (_types.TryGetValue(response.TypeUrl, out var schedule))
            {
                schedule.Sent = response.Version;
            }
        }
    }

    /// <summary>The client has this from an earlier stream, nobody knows since when.</summary>
    public void Kept(XdsResource resource)
    {
        if (resource.Lifetime is not null)
        {
            Of(resource.TypeUrl).Due[resource.Name] = (TimeSpan.Zero, resource.Hash);
            Next = TimeSpan.Zero;
        }
    }

    /// <summary>The client has answered a response of the type.</summary>
    /// <param name="accepts">Whether it accepts the last one.</param>
    public void Answered(string typeUrl, bool accepts)
    {
        if (!_types.TryGetValue(typeUrl, out var schedule))
        {
            return;
        }

        if (accepts)
        {
            schedule.Accepted = schedule.Sent;
        }
        else
        {
            // It may be left with a former version that has a time to live.
            Next = TimeSpan.Zero;
        }
    }

    /// <summary>The version of the last response of the type that the client accepted; null where it has accepted none.</summary>
    public string? AcceptedVersion(string typeUrl) => _types.GetValueOrDefault(typeUrl)?.Accepted;

    /// <summary>What the client is to be told again now, type by type; until the next time it counts as told.</summary>
    public List<(TypeState Type, List<XdsResource> Resources)> Take(IReadOnlyList<TypeState> types, TimeSpan now)
    {
        if (Next is null || Next > now)
        {
            return [];
        }

        Next = null;
        var due = new List<(TypeState, List<XdsResource>)>();
        foreach (var type in types)
        {
            if (_types.TryGetValue(type.TypeUrl, out var schedule) && Take(schedule, type, now) is { Count: > 0 } resources)
            {
                due.Add((type, resources));
            }
        }

        return due;
    }

    private List<XdsResource> Take(Schedule schedule, TypeState type, TimeSpan now)
    {
        var isDue = schedule.Due.Any(due => due.Value.At <= now || HasAnother(type, due.Key, due.Value.Version));
        var taken = new List<XdsResource>();
        foreach (var (name, (at, version)) in schedule.Due)
        {
            if (!type.TryGetSent(name, out var delivered) || delivered.Resource?.Lifetime is not { } lifetime)
            {
                // What is on trial, or waits for its own, may be rejected: then the client is left with the version before it.
                if (!type.Trial.IsOpen(name) && !type.Trial.TryGetHeld(name, out _))
                {
                    schedule.Due.Remove(name);
                }

                continue;
            }

            var next = at;
            if (isDue && (at <= now + (lifetime.Heartbeat / 2) || delivered.Resource.Hash != version))
            {
                taken.Add(delivered.Resource);
                next = now + lifetime.Heartbeat;
                CollectionsMarshal.GetValueRefOrNullRef(schedule.Due, name) = (next, delivered.Resource.Hash);
            }

            Next = Earlier(Next, next);
        }

        return taken;
    }

    // It was left with a former version, of which there was nothing to say meanwhile.
    private static bool HasAnother(TypeState type, string name, ContentHash version) =>
        type.TryGetSent(name, out var delivered) && delivered.Resource is { Lifetime: not null } resource && resource.Hash != version;

    private Schedule Of(string typeUrl)
    {
        if (!_types.TryGetValue(typeUrl, out var schedule))
        {
            _types[typeUrl] = schedule = new();
        }

        return schedule;
    }

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one < other ? one.Value : other;

    private sealed class Schedule
    {
        /// <summary>When each is due, and which version of it was told last.</summary>
        public Dictionary<string, (TimeSpan At, ContentHash Version)> Due { get; } = new(StringComparer.Ordinal);

        /// <summary>The version of the last response.</summary>
        public string? Sent { get; set; }

        public string? Accepted { get; set; }
    }
}
