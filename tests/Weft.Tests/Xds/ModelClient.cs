using System.Collections.Immutable;
using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds;

/// <summary>A client as the specification has it, in its simplest form: what it wants, and what it was told.</summary>
internal abstract class ModelClient
{
    private readonly Queue<Response> _wire = [];
    private TimeSpan _now;

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
                Set = publish.Set();
                Step(new StreamInput.Published(Set));
                break;
            case ConvergenceTests.Action.Subscribe subscribe:
                Ask(subscribe.Type, subscribe.Wanted);
                break;
            case ConvergenceTests.Action.Deliver deliver:
                for (var i = 0; i < deliver.Count && _wire.TryDequeue(out var response); i++)
                {
                    Take(response, deliver.Rejects);
                }

                break;
            case ConvergenceTests.Action.Reconnect:
                _wire.Clear();
                Restart();
                break;
        }
    }

    /// <summary>Takes all that comes, and lets time go by, until nothing comes any more.</summary>
    public void Rest()
    {
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
        foreach (var response in Machine(input, _now))
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

    protected abstract ArraySegment<Response> Machine(StreamInput input, TimeSpan now);

    protected abstract void Ask(string type, HashSet<string> wanted);

    protected abstract void Take(Response response, bool rejects);

    protected abstract void Restart();
}

/// <summary>A client of the state-of-the-world protocol.</summary>
internal sealed class SotwClient : ModelClient
{
    private readonly Dictionary<string, string> _nonces = [];
    private SotwStream _stream = new(StreamLimits.Default);

    protected override ArraySegment<Response> Machine(StreamInput input, TimeSpan now) => _stream.Step(input, now);

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
            var state = StateOf(response.TypeUrl);
            if (SendOrder.AbsenceDeletes(response.TypeUrl))
            {
                state.Clear();
            }

            foreach (var resource in response.Resources.Where(r => Wants(response.TypeUrl, r.Name)))
            {
                state[resource.Name] = resource.Version;
            }
        }

        Send(response.TypeUrl, rejects ? "no" : null);
    }

    protected override void Restart()
    {
        _stream = new(StreamLimits.Default);
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

    private bool Wants(string type, string name) => Wanted[type].Contains("*") || Wanted[type].Contains(name);

    private void Send(string type, string? error) =>
        Step(new StreamInput.SotwRequest(type, _nonces.GetValueOrDefault(type, ""), [.. Wanted[type]], error));
}

/// <summary>A client of the delta protocol.</summary>
internal sealed class DeltaClient : ModelClient
{
    private DeltaStream _stream = new(StreamLimits.Default);

    protected override ArraySegment<Response> Machine(StreamInput input, TimeSpan now) => _stream.Step(input, now);

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
            var state = StateOf(response.TypeUrl);
            foreach (var name in response.Removed)
            {
                state.Remove(name);
            }

            foreach (var resource in response.Resources.Where(r => Wants(response.TypeUrl, r.Name)))
            {
                state[resource.Name] = resource.Version;
            }
        }

        Send(response.TypeUrl, response.Nonce, [], [], rejects ? "no" : null);
    }

    protected override void Restart()
    {
        _stream = new(StreamLimits.Default);
        if (Set is not null)
        {
            Step(new StreamInput.Published(Set));
        }

        foreach (var type in Wanted.Keys.Where(t => Wanted[t].Count > 0))
        {
            Step(new StreamInput.DeltaRequest(type, "", [.. Wanted[type]], [], StateOf(type)));
        }
    }

    private bool Wants(string type, string name) => Wanted[type].Contains("*") || Wanted[type].Contains(name);

    private void Send(string type, string nonce, string[] subscribe, string[] unsubscribe, string? error) =>
        Step(new StreamInput.DeltaRequest(
            type, nonce, subscribe, unsubscribe, StreamInput.DeltaRequest.NoVersions, error));
}
