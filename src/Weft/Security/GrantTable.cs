using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Weft.Flow;
using Weft.Xds;

namespace Weft.Security;

/// <summary>What one caller may claim.</summary>
/// <param name="Name">What to call it in messages: never the token.</param>
/// <param name="Nodes">The nodes it may be.</param>
/// <param name="IsAdmin">Whether it may see all: the status of clients, and the admin pages.</param>
internal sealed record Grant(string Name, ImmutableArray<NodePattern> Nodes, bool IsAdmin);

/// <summary>A token file: a line for each caller, <c>WHO: WHAT, WHAT…</c>.</summary>
/// <remarks>
/// <code>
/// # WHO is a token, or a SPIFFE id, which then may more than its certificate alone gives it.
/// # WHAT is a node id, with * as the end of the name or as the namespace, or @admin.
/// 6f1c0d7e9b2a4c58: client.shop
/// spiffe://mesh/ns/ops/sa/console: @admin
/// </code>
/// </remarks>
internal sealed class GrantTable
{
    private const string Admin = "@admin";
    private const string Spiffe = "spiffe:";
    private const string Form = "write WHO: WHAT, such as 6f1c0d7e9b2a4c58: client.shop";

    // What can be guessed protects nothing. Tokens of a generator are far longer.
    private const int ShortestToken = 16;
    private const int LongestToken = 4096;

    private readonly FrozenDictionary<string, Grant> _grants;

    private GrantTable(Dictionary<string, Grant> grants) => _grants = grants.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a token gives; null where it is unknown.</summary>
    public Grant? OfToken(string token) => token.Length <= LongestToken ? _grants.GetValueOrDefault(KeyOf(token)) : null;

    /// <summary>What an identity is given beside what its certificate gives it; null where there is nothing.</summary>
    public Grant? OfIdentity(SpiffeId id) => _grants.GetValueOrDefault(id.ToString());

    /// <summary>Reads a file; null where anything in it is wrong: half a file is no file.</summary>
    public static GrantTable? Read(string path, string text, ImmutableArray<Diagnostic>.Builder errors)
    {
        var grants = new Dictionary<string, Grant>(StringComparer.Ordinal);
        var before = errors.Count;
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (line.AsSpan().Trim() is { Length: > 0 } trimmed && trimmed[0] != '#')
            {
                ReadLine(trimmed.ToString(), new SourcePosition(path, index + 1, 1), grants, errors);
            }
        }

        return errors.Count == before ? new(grants) : null;
    }

    private static void ReadLine(
        string line, SourcePosition where, Dictionary<string, Grant> grants, ImmutableArray<Diagnostic>.Builder errors)
    {
        var colon = Separator(line);
        if (colon <= 0)
        {
            errors.Add(Diagnostic.Error(
                "WEFT5004", where, "This line of the token file has no ': ' between who and what.", Form));
            return;
        }

        var (who, what) = (line[..colon].TrimEnd(), line[(colon + 1)..]);
        var isIdentity = who.StartsWith(Spiffe, StringComparison.Ordinal);
        if (WrongWith(who, isIdentity, where) is { } wrong)
        {
            errors.Add(wrong);
        }
        else if (ReadGrant(isIdentity ? who : $"the token of {where.File}:{where.Line}", what, where, errors) is { } grant
            && !grants.TryAdd(isIdentity ? who : KeyOf(who), grant))
        {
            errors.Add(Diagnostic.Error(
                "WEFT5006", where, "This line is for the same caller as one above it.",
                "write one line with all that it may be"));
        }
    }

    // SPIFFE ids have colons, too, but no blank after them.
    private static int Separator(string line)
    {
        for (var i = line.IndexOf(':'); i >= 0; i = line.IndexOf(':', i + 1))
        {
            if (i + 1 == line.Length || char.IsWhiteSpace(line[i + 1]))
            {
                return i;
            }
        }

        return -1;
    }

    private static Diagnostic? WrongWith(string who, bool isIdentity, SourcePosition where)
    {
        if (isIdentity)
        {
            return SpiffeId.Parse(who, out var error) is null
                ? Diagnostic.Error("WEFT5004", where, $"{error}.", "write it as it stands in the certificate")
                : null;
        }

        // "b64token" of RFC 6750, section 2.1. The message must not show what may be nearly a token.
        return who.Length is >= ShortestToken and <= LongestToken
            && who.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=')
                ? null
                : Diagnostic.Error(
                    "WEFT5005", where,
                    $"The token of this line has {who.Length} characters; it must have {ShortestToken} to {LongestToken} "
                    + "letters, digits and -._~+/= only.",
                    "make one with: head -c 32 /dev/urandom | base64");
    }

    private static Grant? ReadGrant(string name, string what, SourcePosition where, ImmutableArray<Diagnostic>.Builder errors)
    {
        var nodes = ImmutableArray.CreateBuilder<NodePattern>();
        var isAdmin = false;
        foreach (var word in what.Split(',', StringSplitOptions.TrimEntries))
        {
            if (word == Admin)
            {
                isAdmin = true;
            }
            else if (NodePattern.Parse(word) is { } pattern)
            {
                nodes.Add(pattern);
            }
            else
            {
                errors.Add(Diagnostic.Error(
                    "WEFT5007", where, $"'{word}' is no node id and no pattern of them.",
                    $"write NAME.NAMESPACE, PREFIX*.NAMESPACE, *.NAMESPACE, * or {Admin}, with commas between"));
                return null;
            }
        }

        return new(name, nodes.ToImmutable(), isAdmin);
    }

    // By hash: how long a search takes says nothing of the tokens, and a dump of memory does not show them all.
    private static string KeyOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
