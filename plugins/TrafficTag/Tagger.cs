using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Gives a request its tag: that of the first rule that holds, else of its share, else the default.</summary>
internal static class Tagger
{
    // Shares and percentages must not lean on the same number: who is not among the first ten of a hundred by the one
    // would never be by the other.
    private const uint Seed = 0x57656674;

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

        if (Find(ref rules, request, out var header, out var tag) && (gateway || !Has(request, header)))
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
        if (request.TryGet(header, out _))
        {
            request.Remove(header);
        }
    }

    private static bool Has<TRequest>(TRequest request, ReadOnlySpan<byte> header)
        where TRequest : struct, IRequest => request.TryGet(header, out var value) && value.Length > 0;

    private static bool Find<TRequest>(
        ref TagRules rules, TRequest request, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> tag)
        where TRequest : struct, IRequest
    {
        for (var i = 0; i < rules.Rules.Length; i++)
        {
            if (Conditions.Hold(ref rules.Rules[i], request))
            {
                header = rules.Rules[i].Header;
                tag = rules.Rules[i].Tag;
                return true;
            }
        }

        if (rules.Shares.Length > 0)
        {
            var number = Number(ref rules, request);
            for (var i = 0; i < rules.Shares.Length; i++)
            {
                if (number < rules.Shares[i].UpTo)
                {
                    header = rules.Shares[i].Header;
                    tag = rules.Shares[i].Tag;
                    return true;
                }
            }
        }

        header = rules.DefaultHeader;
        tag = rules.Default;
        return tag.Length > 0;
    }

    // From 0 to 99: by the key where there is one, else by the request's id, which is the same along a chain of calls.
    private static int Number<TRequest>(ref TagRules rules, TRequest request)
        where TRequest : struct, IRequest
    {
        if (Conditions.TryRead(ref rules.ShareKey, request, out var key) || request.TryGet("x-request-id"u8, out key))
        {
            return (int)(Murmur3.Hash32(key, Seed) % 100);
        }

        return (int)(((ulong)request.Chance * 0x9e3779b97f4a7c15 >> 32) % 100);
    }
}
