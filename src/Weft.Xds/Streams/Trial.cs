using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Weft.Xds.Streams;

/// <summary>
/// Which resource of a type it is that a client rejects. A NACK refuses a response as a whole, and a client may have
/// applied all the others of it or none; so the one at fault is looked for, and kept back alone. Plain mutable state with
/// a single owner, the stream's machine.
/// </summary>
/// <remarks>
/// For each version of a resource:
/// <code>
///            sent              ACK
///   (new) ─────────► [open] ─────────► accepted
///                     ▲  │
///                     │  │ NACK that names it and no other, or has had nothing else on trial
///                     │  ├───────────────────────────────────────────► [condemned]: not sent until it changes
///                     │  │ NACK that names another
///                     │  ├───► sent again with the other innocent ones
///                     │  │ NACK that names none, or several: each that is named, or else one half of all
///                     │  └───► [waiting] for the others' trial ─┐
///                     └──────────── its turn, alone ◄───────────┘
/// </code>
/// A NACK names a resource where the client's words do (<see cref="NamesInText"/>).
/// </remarks>
internal sealed class Trial
{
    // To clear a dictionary keeps its room, which a first synchronisation made large.
    private const int Roomy = 32;

    private Dictionary<string, Open>? _open;

    // All of a client's first responses of the type: each is open, and is known apart only once that matters.
    private Whole[]? _wholes;
    private Dictionary<string, Held>? _held;
    private Stack<string[]>? _waiting;
    private List<(long Nonce, IReadOnlyCollection<string> Names)>? _removed;

    // Unanswered responses of which a part has gone out of date: the fault may have been there. Of a client that never
    // answers only the newest are kept apart, and all up to a number count as such: they would be tried again.
    private const int MostPartial = 64;
    private HashSet<long>? _partial;
    private long _partialUpTo;

    // What went with something else that may be at fault, and so was not blamed; but nor was it accepted, until it goes again.
    private Dictionary<string, Open>? _unblamed;

    /// <summary>A version that is not to be sent now.</summary>
    /// <param name="Former">What the client accepted last; null where that is not known, or nothing.</param>
    /// <param name="IsUnsure">Whether the client may have another version than the former one, of a response that it rejected.</param>
    /// <param name="Error">The client's words; null while it waits for its turn.</param>
    /// <param name="Second">When it was sent, from the stream's opening.</param>
    public readonly record struct Held(XdsResource Resource, XdsResource? Former, bool IsUnsure, string? Error, uint Second);

    /// <param name="Nonce">The response it went with; 0 where it is to be sent again.</param>
    /// <param name="Before">What was sent before it and is unanswered, with its response, oldest first.</param>
    private record struct Open(
        XdsResource Resource, XdsResource? Former, bool IsUnsure, long Nonce, uint Second, ImmutableArray<Unanswered> Before);

    private readonly record struct Whole(ImmutableArray<XdsResource> Resources, long Nonce, uint Second);

    private readonly record struct Unanswered(XdsResource Resource, long Nonce);

    // Of a client that answers late the oldest is remembered and the newest ones: it has one of them to go on with.
    private const int MostBefore = 8;

    /// <summary>How many versions the client has rejected that are still the newest it was sent.</summary>
    public int Condemned { get; private set; }

    /// <summary>Whether the client's verdict on something is awaited, or to be asked for.</summary>
    public bool IsOn => _wholes is not null || _open is { Count: > 0 } || _waiting is { Count: > 0 };

    /// <summary>Whether any version is kept back.</summary>
    public bool HoldsSome => _held is { Count: > 0 };

    /// <summary>Whether something went that was neither accepted nor blamed, and is not awaited.</summary>
    public bool DoubtsSome => _unblamed is { Count: > 0 };

    public bool Doubts(XdsResource resource) =>
        _unblamed is not null && _unblamed.TryGetValue(resource.Name, out var unblamed) && unblamed.Resource.Hash == resource.Hash;

    public ImmutableArray<Held> AllHeld => [.. (_held ?? []).Values];

    /// <summary>Whether this very version is kept back.</summary>
    public bool Holds(XdsResource resource, out Held held) =>
        TryGetHeld(resource.Name, out held) && held.Resource.Hash == resource.Hash;

    /// <summary>The client is to have this instead of what it rejects.</summary>
    public void FallBackOn(string name, XdsResource good) => _held![name] = _held[name] with { Former = good, IsUnsure = true };

    public bool TryGetHeld(string name, out Held held)
    {
        held = default;
        return _held is not null && _held.TryGetValue(name, out held);
    }

    public bool IsOpen(string name)
    {
        TellApart();
        return _open is not null && _open.ContainsKey(name);
    }

    /// <summary>All that a client has goes to it, and nothing was on trial. Like <see cref="Sent"/> for each of them.</summary>
    /// <param name="parts">The responses.</param>
    /// <param name="nonce">The first of them.</param>
    public void SentAll(ReadOnlySpan<ImmutableArray<XdsResource>> parts, long nonce, uint second)
    {
        if (parts is [[]])
        {
            return;
        }

        _wholes = new Whole[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            _wholes[i] = new(parts[i], nonce + i, second);
        }
    }

    /// <summary>A version goes to the client that it has not accepted.</summary>
    /// <param name="had">What it has accepted, as far as is known.</param>
    public void Sent(XdsResource resource, XdsResource? had, long nonce, uint second)
    {
        TellApart();
        var next = new Open(resource, had, IsUnsure: false, nonce, second, []);
        if (_unblamed?.Remove(resource.Name, out var unblamed) == true)
        {
            next = next with { Former = unblamed.Former, IsUnsure = true, Before = unblamed.Before };
        }

        if (_open is not null && _open.TryGetValue(resource.Name, out var open))
        {
            Outdate(open);
            next = next with
            {
                Former = open.Former,
                IsUnsure = open.IsUnsure || (open.Nonce == 0 && open.Resource.Hash != resource.Hash),
                Before = Behind(open),
            };
        }
        else if (TryGetHeld(resource.Name, out var held))
        {
            next = next with
            {
                Former = held.Former,
                IsUnsure = held.IsUnsure || (held.Error is null && held.Resource.Hash != resource.Hash),
            };
            Release(resource.Name);
        }

        (_open ??= new(StringComparer.Ordinal))[resource.Name] = next;
    }

    /// <summary>A version goes again that the client has, or that went with something else that may have been at fault.</summary>
    public void SentAgain(XdsResource resource, long nonce)
    {
        if (_unblamed is not null && _unblamed.TryGetValue(resource.Name, out var unblamed))
        {
            _unblamed[resource.Name] = unblamed with { Before = Behind(unblamed with { Nonce = nonce }) };
        }
    }

    /// <summary>Names went as removed in a response that has resources, too: what rejects these rejects all of it.</summary>
    public void Removed(long nonce, IReadOnlyCollection<string> names)
    {
        // Of a client that never answers only the newest are remembered.
        _removed ??= [];
        if (_removed.Count == MostPartial)
        {
            _removed.RemoveAt(0);
        }

        _removed.Add((nonce, names));
    }

    /// <summary>What the client has of this name no longer matters.</summary>
    public void Forget(string name)
    {
        TellApart();
        if (_open is not null && _open.Remove(name, out var open))
        {
            Outdate(open);
        }

        _unblamed?.Remove(name);
        Release(name);
    }

    private void TellApart()
    {
        if (_wholes is not { } wholes)
        {
            return;
        }

        _wholes = null;
        _open = new(wholes.Sum(whole => whole.Resources.Length), StringComparer.Ordinal);
        foreach (var (resources, nonce, second) in wholes)
        {
            foreach (var resource in resources)
            {
                _open[resource.Name] = new(resource, null, IsUnsure: false, nonce, second, []);
            }
        }
    }

    private void Outdate(Open open)
    {
        if (open.Nonce > 0)
        {
            (_partial ??= []).Add(open.Nonce);
            if (_partial.Count > MostPartial)
            {
                _partialUpTo = _partial.Max();
                _partial.Clear();
            }
        }
    }

    /// <summary>The client accepted a response, and with it what it was sent before.</summary>
    public void Accept(long nonce)
    {
        if (_wholes is not null && _wholes[0].Nonce <= nonce)
        {
            _wholes = _wholes[^1].Nonce <= nonce ? null : [.. _wholes.Where(whole => whole.Nonce > nonce)];
        }

        if (_partial is not null || _removed is not null || _unblamed is not null)
        {
            AcceptOdd(nonce);
        }

        if (_open is null)
        {
            return;
        }

        var room = _open.Count;
        foreach (var (name, open) in _open)
        {
            if (open.Nonce > 0 && open.Nonce <= nonce)
            {
                _open.Remove(name);
            }
            else if (!open.Before.IsEmpty)
            {
                AcceptEarlier(name, open, nonce);
            }
        }

        _open = room > Roomy && _open.Count == 0 ? null : _open;
    }

    private void AcceptOdd(long nonce)
    {
        _partial?.RemoveWhere(answered => answered <= nonce);
        _removed?.RemoveAll(removed => removed.Nonce <= nonce);
        foreach (var (name, unblamed) in _unblamed ?? [])
        {
            if (unblamed.Before.Any(again => again.Nonce <= nonce))
            {
                _unblamed!.Remove(name);
            }
        }
    }

    private void AcceptEarlier(string name, Open open, long nonce)
    {
        if (open.Before.LastOrDefault(before => before.Nonce <= nonce) is not { Nonce: > 0 } accepted)
        {
            return;
        }

        if (open.Before.Length < MostBefore
            && open.Before.All(before => before.Nonce < accepted.Nonce || before.Resource.Hash == open.Resource.Hash))
        {
            // It was sent again, with others, before this was known, and nothing else of it between.
            _open!.Remove(name);
            return;
        }

        Of(name) = open with
        {
            Former = accepted.Resource,
            IsUnsure = false,
            Before = open.Before.RemoveAll(before => before.Nonce <= accepted.Nonce),
        };
    }

    /// <summary>The client accepts a version after all.</summary>
    public void Accept(XdsResource? resource)
    {
        if (resource is not null && Holds(resource, out _))
        {
            Release(resource.Name);
        }
    }

    /// <summary>The client rejected a response.</summary>
    /// <param name="mayBeAnother">
    /// Whether the fault may lie with something in it that is not on trial; asked where no name of what is on trial is given.
    /// </param>
    /// <param name="verdict">What follows; null where nothing of the response is on trial.</param>
    public bool TryReject(long nonce, string error, Func<bool> mayBeAnother, [NotNullWhen(true)] out Verdict? verdict)
    {
        TellApart();
        // What it accepted before, and was sent again with another version between, is sent once more, and not blamed.
        var tried = (_open ?? []).Where(o => o.Value.Nonce == nonce).ToArray();
        var suspects = tried
            .Where(o => o.Value.Former?.Hash != o.Value.Resource.Hash)
            .Select(o => o.Key).Order(StringComparer.Ordinal).ToArray();
        var named = NamesInText.Of(error, suspects);
        DoubtWhatFollows(nonce);
        var isWhole = nonce > _partialUpTo && _partial?.Remove(nonce) != true;
        if ((suspects.Length == 0 && isWhole) || (named.Length == 0 && mayBeAnother()))
        {
            foreach (var name in suspects)
            {
                (_unblamed ??= new(StringComparer.Ordinal))[name] = Of(name) with { Before = [] };
            }

            Accept(nonce);
            verdict = null;
            return false;
        }

        var guilty = named.Length == 1 ? named : suspects.Length == 1 && isWhole ? suspects : [];
        var later = guilty.Length > 0 || (named.Length == 0 && !isWhole) ? []
            : named.Length > 1 ? named.Select(name => new[] { name }).ToArray()
            : [suspects[(suspects.Length / 2)..]];
        string[] allLater = [.. later.SelectMany(names => names)];
        verdict = new(
            guilty, allLater, [.. tried.Select(o => o.Key).Except(guilty).Except(allLater)],
            _removed?.Find(removed => removed.Nonce == nonce).Names ?? []);
        _removed?.RemoveAll(removed => removed.Nonce <= nonce);
        Array.ForEach(later, names => (_waiting ??= new()).Push(names));
        Take(verdict, error);
        return true;
    }

    private void Take(Verdict verdict, string error)
    {
        foreach (var name in verdict.Guilty)
        {
            Hold(name, error);
        }

        foreach (var name in verdict.Later)
        {
            Hold(name, null);
        }

        foreach (var name in verdict.Again)
        {
            Of(name).Nonce = 0;
        }
    }

    /// <summary>What is to be sent now that nothing else is on trial.</summary>
    /// <param name="allIsSent">Whether what was to be sent again has been, or is no longer to be.</param>
    public IReadOnlyCollection<string> NextTurn(bool allIsSent)
    {
        if (allIsSent && _open is { Count: > 0 })
        {
            foreach (var (name, open) in _open)
            {
                if (open.Nonce == 0)
                {
                    _open.Remove(name);
                }
            }
        }

        while (_open is not { Count: > 0 } && _waiting is not null && _waiting.TryPop(out var names))
        {
            // What has changed meanwhile was sent anew, and has had its own trial.
            var due = names.Where(name => TryGetHeld(name, out var held) && held.Error is null).ToArray();
            if (due.Length > 0)
            {
                foreach (var name in due)
                {
                    var held = _held![name];
                    Release(name);
                    (_open ??= new(StringComparer.Ordinal))[name] = new(held.Resource, held.Former, held.IsUnsure, 0, held.Second, []);
                }

                return due;
            }
        }

        return [];
    }

    /// <summary>Takes note of what has its turn and is on its way already, in a whole.</summary>
    public bool IsOnItsWay(Delivered sent)
    {
        if (sent.Resource is not { } resource || Of(resource.Name).Resource.Hash != resource.Hash)
        {
            return false;
        }

        Of(resource.Name).Nonce = sent.Nonce;
        return true;
    }

    /// <summary>What a NACK means.</summary>
    /// <param name="Guilty">Not to be sent again until it changes.</param>
    /// <param name="Later">Kept back until the others are accepted or rejected.</param>
    /// <param name="Again">To be sent again at once.</param>
    /// <param name="Removed">To be removed again.</param>
    public sealed record Verdict(
        IReadOnlyCollection<string> Guilty,
        IReadOnlyCollection<string> Later,
        IReadOnlyCollection<string> Again,
        IReadOnlyCollection<string> Removed);

    private void Hold(string name, string? error)
    {
        _open!.Remove(name, out var open);
        Condemned += error is null ? 0 : 1;
        (_held ??= new(StringComparer.Ordinal))[name] = new(open.Resource, open.Former, open.IsUnsure, error, open.Second);
    }

    // A client that rejects a response may have taken over a part of it.
    private void DoubtWhatFollows(long rejected)
    {
        foreach (var (name, open) in _open ?? [])
        {
            if (open.Before.Any(before => before.Nonce == rejected))
            {
                Of(name) = open with { IsUnsure = true, Before = open.Before.RemoveAll(before => before.Nonce == rejected) };
            }
        }

        foreach (var (name, unblamed) in _unblamed ?? [])
        {
            _unblamed![name] = unblamed with { Before = unblamed.Before.RemoveAll(again => again.Nonce == rejected) };
        }
    }

    private static ImmutableArray<Unanswered> Behind(Open open)
    {
        var before = open.Before.Length < MostBefore ? open.Before : open.Before.RemoveAt(1);
        return open.Nonce == 0 ? before : before.Add(new(open.Resource, open.Nonce));
    }

    private ref Open Of(string name) => ref CollectionsMarshal.GetValueRefOrNullRef(_open!, name);

    private void Release(string name)
    {
        if (_held is not null && _held.Remove(name, out var held))
        {
            Condemned -= held.Error is null ? 0 : 1;
        }
    }
}
