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
        }
        else
        {
            Error = error;
            if (Trial.TryReject(nonce, error, KnowsWhy(nonce), out verdict))
            {
                SendFallbacksAgain(nonce);
                Take(verdict, lastGood);
            }
        }

        TakeTurn(allIsSent: false);
        return verdict is { Guilty.Count: > 0 };
    }

    private bool KnowsWhy(long rejected) => Trial.Condemned > 0
        && _sent.Any(pair => pair.Value is { Resource: { } sent } && pair.Value.Nonce == rejected && Trial.IsCondemned(sent));

    // What was kept in a whole although it had been rejected, and is accepted now.
    private void ReleaseAccepted(long nonce)
    {
        if (!KeptSome || Trial.Condemned == 0)
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
            Doubt(name);
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

    // What went with the rejected, instead of something else that is kept back, may not have been taken over.
    private void SendFallbacksAgain(long nonce)
    {
        foreach (var (name, delivered) in _sent.Where(pair => pair.Value.Nonce == nonce).ToList())
        {
            if (delivered.Resource is { } resource && Trial.TryGetHeld(name, out var held) && held.Resource.Hash != resource.Hash)
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
