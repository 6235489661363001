using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <summary>Gives a request its tag: that of the first rule that holds, else of its share, else the default.</summary>
internal static class Tagger
{
    public static void Run<TRequest>(Walk rules, TRequest request)
        where TRequest : struct, IRequest
    {
        var role = (Role)rules.Byte();
        var gateway = role == Role.ByListener ? request.IsAtGateway : role == Role.Gateway;
        var headers = rules.Block();
        if (gateway)
        {
            Strip(headers, request);
        }
        else if (Has(request, headers.Word()) && headers.IsAtEnd)
        {
            return;
        }

        Find(ref rules, request);
        var header = rules.Word();
        var tag = rules.Word();
        if (tag.Length > 0 && (gateway || !Has(request, header)))
        {
            request.Set(header, tag);
        }
    }

    // Whatever header a rule could set, a client outside must not.
    private static void Strip<TRequest>(Walk headers, TRequest request)
        where TRequest : struct, IRequest
    {
        while (!headers.IsAtEnd)
        {
            // Looked at first: a proxy chooses the route anew for each change.
            var header = headers.Word();
            if (request.TryGet(header, out _))
            {
                request.Remove(header);
            }
        }
    }

    private static bool Has<TRequest>(TRequest request, ReadOnlySpan<byte> header)
        where TRequest : struct, IRequest => request.TryGet(header, out var value) && value.Length > 0;

    // Goes on to the tag.
    private static void Find<TRequest>(ref Walk rules, TRequest request)
        where TRequest : struct, IRequest
    {
        var list = rules.Block();
        while (!list.IsAtEnd)
        {
            var rule = list.Block();
            var any = rule.Byte() != 0;
            if (Conditions.Hold(rule.Block(), any, request))
            {
                rules = rule;
                return;
            }
        }

        var named = Conditions.TryRead(ref rules, request, out var key);
        var shares = rules.Block();
        var number = shares.IsAtEnd ? 0 : Number(named, key, request);
        while (!shares.IsAtEnd)
        {
            if (number < shares.Byte())
            {
                rules = shares;
                return;
            }

            shares.Word();
            shares.Word();
        }
    }

    // From 0 to 99: by the key where there is one, else by the request's id, which is the same along a chain of calls.
    // It does not lean on a percentage's number, though both come of one hash: that one is of all its bits. Otherwise
    // who is not among the first ten of a hundred by the one would never be by the other.
    private static uint Number<TRequest>(bool named, ReadOnlySpan<byte> key, TRequest request)
        where TRequest : struct, IRequest
    {
        var hash = named || request.TryGet("x-request-id"u8, out key)
            ? Sha256.Hash64(key)
            : (ulong)request.Chance * 0x9e3779b97f4a7c15;

        return (uint)(hash >> 32) % 100;
    }
}
