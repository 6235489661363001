namespace Weft.Xds.Streams;

/// <summary>What the client says of what it was sent, and what follows.</summary>
internal sealed partial class TypeState
{
    /// <summary>The client accepted the response (no error) or rejected it.</summary>
    /// <returns>Whether it rejected something that is not to be sent again.</returns>
    public bool Answer(long nonce, string? error, LastGood? lastGood)
    {
        // Else it is no response of this type, or was answered before.
        if (nonce <= LastAnswered || nonce > LastSent)
        {
            return false;
        }

        LastAnswered = nonce;
        Trial.Verdict? verdict = null;
        if (error is null)
        {
            Trial.Accept(nonce);
            ReleaseAccepted(nonce);
            TookAway &= Outstanding;
            Error = Trial.Condemned == 0 ? null : Error;
            ShareAgain();
        }
        else
        {
            verdict = Reject(nonce, error, lastGood);
        }

        TakeTurn(allIsSent: false);
        return verdict is { Guilty.Count: > 0 };
    }

    private Trial.Verdict? Reject(long nonce, string error, LastGood? lastGood)
    {
        Error = error;
        if (Trial.TryReject(nonce, error, () => MayBeAnother(nonce, error), out var verdict))
        {
            Take(verdict, lastGood);
        }

        SendAgainWhatIsKeptBack(nonce, orInstead: verdict is not null);
        return verdict;
    }

    // Whether the fault may lie with something of the response that is not on trial: a whole has what is kept back,
    // lest it be lost, and what may have been at fault before; or the client names something that it accepted before.
    private bool MayBeAnother(long rejected, string error)
    {
        var resources = _sent.Where(pair => pair.Value.Nonce == rejected).Select(pair => pair.Value.Resource).OfType<XdsResource>().ToList();
        return resources.Exists(resource => Trial.Holds(resource, out _) || Trial.Doubts(resource))
            || NamesInText.Of(error, [.. resources.Select(resource => resource.Name)]).Length > 0;
    }

    // What was kept in a whole although it had been rejected, or was to have its turn, and is accepted now.
    private void ReleaseAccepted(long nonce)
    {
        if (!Trial.HoldsSome)
        {
            return;
        }

        foreach (var (_, delivered) in _sent)
        {
            if (delivered.Nonce == nonce)
            {
                Trial.Accept(delivered.Resource);
            }
        }
    }

    /// <summary>What was kept back may have its turn.</summary>
    public void TakeTurn(bool allIsSent)
    {
        foreach (var name in Trial.IsOn ? Trial.NextTurn(allIsSent) : [])
        {
            if (!(_sent.TryGet(name, out var sent) && sent.Nonce > LastAnswered && Trial.IsOnItsWay(sent)))
            {
                Doubt(name);
            }
        }
    }

    private void Take(Trial.Verdict verdict, LastGood? lastGood)
    {
        foreach (var name in verdict.Guilty)
        {
            Drop(name);
            Trial.TryGetHeld(name, out var held);
            var former = held.IsUnsure ? null : held.Former;
            _sent.Set(name, new(former, 0, 0));
            Hash = former is null ? Hash : Hash.Plus(former.Hash);
            FallBack(name, held, lastGood);
        }

        foreach (var name in verdict.Later.Concat(verdict.Again))
        {
            MayHave(name);
        }

        OwedRemovals.UnionWith(verdict.Removed.Where(Subscription.Wants));
        _lookIsDue |= OwedRemovals.Count > 0;
    }

    // What went with the rejected, though it is kept back, or instead of that, may not have been taken over.
    private void SendAgainWhatIsKeptBack(long nonce, bool orInstead)
    {
        foreach (var (name, delivered) in Trial.HoldsSome ? _sent.Where(pair => pair.Value.Nonce == nonce).ToList() : [])
        {
            if (delivered.Resource is { } resource && Trial.TryGetHeld(name, out var held)
                && (held.Resource.Hash == resource.Hash ? held.Error is null : orInstead))
            {
                MayHave(name);
            }
        }
    }

    // It may have been taken over, or not: the client is told again.
    private void MayHave(string name)
    {
        Drop(name);
        DeliverUnknown(name);
        Doubt(name);
    }

    private void FallBack(string name, Trial.Held held, LastGood? lastGood)
    {
        if (held.Former is { } former)
        {
            lastGood?.Note(held.Resource, former);
        }
        else if (lastGood?.InsteadOf(held.Resource) is { } good)
        {
            Trial.FallBackOn(name, good);
        }

        Doubt(name);
    }

    // What it was about is on its way in another version, or no longer to be there.
    private void ForgetError() => Error = Trial.Condemned == 0 && !Outstanding ? null : Error;
}
