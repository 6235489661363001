using System.Collections.Immutable;
using Weft.Flow;
using Weft.Xds;
using Weft.Xds.Serving;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds;

/// <summary>A client as the specification has it, in its simplest form: what it wants, and what it was told.</summary>
internal abstract class ModelClient
{
    private readonly Queue<Response> _wire = [];
    private readonly Dictionary<(string Type, string Name), TimeSpan> _until = [];
    private readonly HashSet<ContentHash> _disliked = [];
    private StreamMachine? _machine;
    private TimeSpan _now;

    /// <summary>Whether it knows of times to live, and most of what it is sent has one.</summary>
    public bool IsMortal { get; init; }

    /// <summary>What it wants of each type; a type is asked for once it is in here.</summary>
    protected Dictionary<string, HashSet<string>> Wanted { get; } = [];

    /// <summary>What it holds: type → name → version.</summary>
    protected Dictionary<string, SortedDictionary<string, string>> State { get; } = [];

    protected ResourceSet? Set { get; private set; }

    public void Do(ConvergenceTests.Action action)
    {
        switch (action)
        {
            case ConvergenceTests.Action.Publish publish:
                Set = publish.Set(IsMortal);
                Step(new StreamInput.Published(Set));
                break;
            case ConvergenceTests.Action.Subscribe subscribe:
                Ask(subscribe.Type, subscribe.Wanted);
                break;
            case ConvergenceTests.Action.Deliver deliver:
                for (var i = 0; i < deliver.Count && _wire.TryDequeue(out var response); i++)
                {
                    Take(response, IsMortal ? Judge(response, deliver.Rejects) : deliver.Rejects);
                }

                break;
            case ConvergenceTests.Action.Wait wait:
                Wait(wait.Time);
                break;
            case ConvergenceTests.Action.Reconnect:
                _wire.Clear();
                _machine = null;
                Restart();
                break;
        }
    }

    /// <summary>Takes all that comes, and lets time go by, until nothing comes any more but signs of life.</summary>
    public void Rest()
    {
        if (IsMortal)
        {
            Wait(TimeSpan.FromMinutes(10));
            return;
        }

        for (var quiet = 0; quiet < 3; quiet++)
        {
            while (_wire.TryDequeue(out var response))
            {
                quiet = 0;
                Take(response, false);
            }

            _now += TimeSpan.FromSeconds(5);
            Step(new StreamInput.Elapsed());
        }
    }

    private void Wait(TimeSpan time)
    {
        var end = _now + time;
        while (true)
        {
            while (_wire.TryDequeue(out var response))
            {
                Take(response, Judge(response, dislikes: false));
            }

            var wake = Machine.WakeAt() is { } at && at < end ? at : end;
            _now = wake > _now ? wake : _now;
            Bury();
            if (_now == end)
            {
                return;
            }

            Step(new StreamInput.Elapsed());
        }
    }

    // Whether it rejects the response: it sticks to what it dislikes, and dislikes nothing that it has.
    private bool Judge(Response response, bool dislikes)
    {
        if (response.Lifetimes == Lifetimes.Renewed)
        {
            return false;
        }

        var state = StateOf(response.TypeUrl);
        if (dislikes && response.Resources.FirstOrDefault(r => state.GetValueOrDefault(r.Name) != r.Version) is { } disliked)
        {
            _disliked.Add(disliked.Hash);
        }

        return response.Resources.Any(r => _disliked.Contains(r.Hash));
    }

    private void Bury()
    {
        foreach (var ((type, name), until) in _until)
        {
            if (until > _now || !StateOf(type).TryGetValue(name, out var version))
            {
                continue;
            }

            // The server knows nothing of a former version that a client has kept from an earlier stream.
            var isPublished = Set!.Of(type).TryGet(name, out var resource) && resource.Version == version;
            Assert.False(isPublished, $"{type} {name} died at {_now}");
            StateOf(type).Remove(name);
            _until.Remove((type, name));
        }
    }

    /// <summary>Puts a response that it accepts into its state.</summary>
    protected void Apply(Response response)
    {
        var state = StateOf(response.TypeUrl);
        foreach (var name in response.Removed)
        {
            state.Remove(name);
        }

        foreach (var resource in response.Resources.Where(r => Wants(response.TypeUrl, r.Name)))
        {
            if (response.Lifetimes != Lifetimes.Renewed)
            {
                state[resource.Name] = resource.Version;
            }

            if (response.Lifetimes != Lifetimes.Unsaid && resource.TimeToLive is { } life)
            {
                _until[(response.TypeUrl, resource.Name)] = _now + life;
            }
            else
            {
                _until.Remove((response.TypeUrl, resource.Name));
            }
        }
    }

    private bool Wants(string type, string name) => Wanted[type].Contains("*") || Wanted[type].Contains(name);

    /// <summary>What it is to have of a type.</summary>
    public SortedDictionary<string, string> Expected(string type)
    {
        var wanted = Wanted.GetValueOrDefault(type, []);
        return new((Set?.Of(type).All ?? [])
            .Where(r => wanted.Contains("*") || wanted.Contains(r.Name)).ToDictionary(r => r.Name, r => r.Version));
    }

    public SortedDictionary<string, string> Has(string type) => State.GetValueOrDefault(type, []);

    protected void Step(StreamInput input)
    {
        foreach (var response in Machine.Step(input, _now))
        {
            _wire.Enqueue(response);
        }
    }

    protected SortedDictionary<string, string> StateOf(string type)
    {
        if (!State.TryGetValue(type, out var state))
        {
            State[type] = state = new(StringComparer.Ordinal);
        }

        return state;
    }

    protected void DropUnwanted(string type)
    {
        var wanted = Wanted[type];
        if (!wanted.Contains("*"))
        {
            foreach (var name in StateOf(type).Keys.Where(n => !wanted.Contains(n)).ToList())
            {
                StateOf(type).Remove(name);
            }
        }
    }

    private StreamMachine Machine
    {
        get
        {
            if (_machine is null)
            {
                var machine = Open();
                machine.Know(
                    new() { ClientFeatures = { IsMortal ? ["xds.config.supports-resource-ttl", "xds.config.supports-resource-in-sotw"] : [] } },
                    new());
                _machine = machine;
            }

            return _machine.Value;
        }
    }

    protected abstract StreamMachine Open();

    protected abstract void Ask(string type, HashSet<string> wanted);

    protected abstract void Take(Response response, bool rejects);

    protected abstract void Restart();
}

/// <summary>A client of the state-of-the-world protocol.</summary>
internal sealed class SotwClient : ModelClient
{
    private readonly Dictionary<string, string> _nonces = [];
    protected override StreamMachine Open() => new(new SotwStream(StreamLimits.Default));

    protected override void Ask(string type, HashSet<string> wanted)
    {
        // Nothing, before anything was named, would be the legacy wildcard: a client that wants nothing asks nothing.
        if (wanted.Count == 0 && !Wanted.ContainsKey(type))
        {
            return;
        }

        Wanted[type] = wanted;
        DropUnwanted(type);
        Send(type, null);
    }

    protected override void Take(Response response, bool rejects)
    {
        _nonces[response.TypeUrl] = response.Nonce;
        if (!rejects)
        {
            if (SendOrder.AbsenceDeletes(response.TypeUrl))
            {
                StateOf(response.TypeUrl).Clear();
            }

            Apply(response);
        }

        Send(response.TypeUrl, rejects ? "no" : null);
    }

    protected override void Restart()
    {
        _nonces.Clear();
        if (Set is not null)
        {
            Step(new StreamInput.Published(Set));
        }

        foreach (var type in Wanted.Keys.Where(t => Wanted[t].Count > 0))
        {
            Send(type, null);
        }
    }

    private void Send(string type, string? error) =>
        Step(new StreamInput.SotwRequest(type, _nonces.GetValueOrDefault(type, ""), [.. Wanted[type]], error));
}

/// <summary>A client of the delta protocol.</summary>
internal sealed class DeltaClient : ModelClient
{
    protected override StreamMachine Open() => new(new DeltaStream(StreamLimits.Default));

    protected override void Ask(string type, HashSet<string> wanted)
    {
        if (wanted.Count == 0 && !Wanted.ContainsKey(type))
        {
            return;
        }

        var before = Wanted.GetValueOrDefault(type, []);
        Wanted[type] = wanted;
        DropUnwanted(type);
        Send(type, "", [.. wanted.Except(before)], [.. before.Except(wanted)], null);
    }

    protected override void Take(Response response, bool rejects)
    {
        if (!rejects)
        {
            Apply(response);
        }

        Send(response.TypeUrl, response.Nonce, [], [], rejects ? "no" : null);
    }

    protected override void Restart()
    {
        if (Set is not null)
        {
            Step(new StreamInput.Published(Set));
        }

        foreach (var type in Wanted.Keys.Where(t => Wanted[t].Count > 0))
        {
            Step(new StreamInput.DeltaRequest(type, "", [.. Wanted[type]], [], StateOf(type)));
        }
    }

    private void Send(string type, string nonce, string[] subscribe, string[] unsubscribe, string? error) =>
        Step(new StreamInput.DeltaRequest(
            type, nonce, subscribe, unsubscribe, StreamInput.DeltaRequest.NoVersions, error));
}
