using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Gives a request its tag: that of the first rule that holds, else of its share, else the default.</summary>
internal static class Tagger
{
    public static void Run<TRequest>(ref TagRules rules, TRequest request)
        where TRequest : struct, IRequest
    {
        var gateway = rules.Role == Role.ByListener ? request.IsAtGateway : rules.Role == Role.Gateway;
        if (gateway)
        {
            Strip(ref rules, request);
        }
        else if (!rules.HasOtherHeaders && Has(request, rules.Header))
        {
            return;
        }

        if (!Find(ref rules, request, out var header, out var tag))
        {
            return;
        }

        header = header.Length == 0 ? rules.Header : header;
        if (gateway || !Has(request, header))
        {
            request.Set(header, tag);
        }
    }

    // Whatever header a rule could set, a client outside must not.
    private static void Strip<TRequest>(ref TagRules rules, TRequest request)
        where TRequest : struct, IRequest
    {
        Strip(request, rules.Header);
        if (!rules.HasOtherHeaders)
        {
            return;
        }

        Strip(request, rules.DefaultHeader);
        for (var i = 0; i < rules.Rules.Length; i++)
        {
            Strip(request, rules.Rules[i].Header);
        }

        for (var i = 0; i < rules.Shares.Length; i++)
        {
            Strip(request, rules.Shares[i].Header);
        }
    }

    private static void Strip<TRequest>(TRequest request, ReadOnlySpan<byte> header)
        where TRequest : struct, IRequest
    {
        // Looked at first: a proxy chooses the route anew for each change.
        if (header.Length > 0 && request.TryGet(header, out _))
        {
            request.Remove(header);
        }
    }

    private static bool Has<TRequest>(TRequest request, ReadOnlySpan<byte> header)
        where TRequest : struct, IRequest => request.TryGet(header, out var value) && value.Length > 0;

    private static bool Find<TRequest>(ref TagRules rules, TRequest request, out byte[] header, out byte[] tag)
        where TRequest : struct, IRequest
    {
        header = rules.DefaultHeader;
        tag = rules.Default;
        var list = rules.Rules;
        for (var i = 0; i < list.Length; i++)
        {
            ref var rule = ref list[i];
            if (Conditions.Hold(ref rule, request))
            {
                header = rule.Header;
                tag = rule.Tag;
                return true;
            }
        }

        var shares = rules.Shares;
        var number = shares.Length > 0 ? Number(ref rules, request) : 0;
        for (var i = 0; i < shares.Length; i++)
        {
            ref var share = ref shares[i];
            if (number < share.UpTo)
            {
                header = share.Header;
                tag = share.Tag;
                return true;
            }
        }

        return tag.Length > 0;
    }

    // From 0 to 99: by the key where there is one, else by the request's id, which is the same along a chain of calls.
    // It does not lean on a percentage's number, though both come of one hash: that one is of all its bits. Otherwise
    // who is not among the first ten of a hundred by the one would never be by the other.
    private static uint Number<TRequest>(ref TagRules rules, TRequest request)
        where TRequest : struct, IRequest
    {
        var named = Conditions.TryRead(ref rules.ShareKey, request, out var key)
            || request.TryGet("x-request-id"u8, out key);
        var hash = named ? Sha256.Hash64(key) : (ulong)request.Chance * 0x9e3779b97f4a7c15;

        return (uint)(hash >> 32) % 100;
    }
}
