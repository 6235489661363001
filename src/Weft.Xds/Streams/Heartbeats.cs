using System.Runtime.InteropServices;

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
                    Of(response.TypeUrl).Due[resource.Name] = now + lifetime.Heartbeat;
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
            Of(resource.TypeUrl).Due[resource.Name] = TimeSpan.Zero;
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
            // It may be left with a version that has a time to live, of which there was nothing to say meanwhile.
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
        var isDue = schedule.Due.Values.Any(at => at <= now);
        var taken = new List<XdsResource>();
        foreach (var (name, at) in schedule.Due)
        {
            if (!type.TryGetSent(name, out var delivered) || delivered.Resource?.Lifetime is not { } lifetime)
            {
                // What is on trial may be rejected: then the client is left with the version before it.
                if (!type.Trial.IsOpen(name))
                {
                    schedule.Due.Remove(name);
                }

                continue;
            }

            var next = at;
            if (isDue && at <= now + (lifetime.Heartbeat / 2))
            {
                taken.Add(delivered.Resource);
                CollectionsMarshal.GetValueRefOrNullRef(schedule.Due, name) = next = now + lifetime.Heartbeat;
            }

            Next = Earlier(Next, next);
        }

        return taken;
    }

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
        public Dictionary<string, TimeSpan> Due { get; } = new(StringComparer.Ordinal);

        /// <summary>The version of the last response.</summary>
        public string? Sent { get; set; }

        public string? Accepted { get; set; }
    }
}
