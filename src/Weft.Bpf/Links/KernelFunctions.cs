using System.Collections.Immutable;

namespace Weft.Bpf;

/// <summary>Functions of the kernel's that one link attaches to.</summary>
public sealed class KernelFunctions
{
    private readonly string _text;

    private KernelFunctions(string text) => _text = text;

    /// <summary>A pattern for their names; null where they are given.</summary>
    internal NamePattern? Pattern { get; private init; }

    internal ImmutableArray<string> Names { get; private init; } = [];

    internal ImmutableArray<ulong> Addresses { get; private init; } = [];

    internal ImmutableArray<ulong> Cookies { get; private init; } = [];

    /// <summary>All that may be traced and match a pattern. Needs tracefs and <c>CAP_SYSLOG</c>.</summary>
    /// <param name="pattern">In it <c>*</c> stands for any letters, <c>?</c> for one: <c>tcp_v?_*</c>.</param>
    public static KernelFunctions Matching(string pattern) => new(pattern) { Pattern = new(pattern) };

    /// <summary>Those of some names, as <c>/proc/kallsyms</c> has them.</summary>
    /// <param name="names">At least one. The kernel refuses all where it lacks one, or has several of one name.</param>
    public static KernelFunctions Named(params IEnumerable<string> names)
    {
        ImmutableArray<string> all = [.. names];
        return new(string.Join(", ", all)) { Names = all };
    }

    /// <summary>Those that begin at some addresses.</summary>
    /// <param name="addresses">At least one, as <c>/proc/kallsyms</c> has them.</param>
    public static KernelFunctions At(params IEnumerable<ulong> addresses)
    {
        ImmutableArray<ulong> all = [.. addresses];
        return new(string.Join(", ", all.Select(a => $"0x{a:x}"))) { Addresses = all };
    }

    /// <summary>The same, each with what the program gets from <c>bpf_get_attach_cookie</c> there.</summary>
    /// <param name="cookies">One for each name or address, in their order.</param>
    /// <exception cref="ArgumentException">They are fewer or more, or the functions are given by a pattern.</exception>
    public KernelFunctions WithCookies(params IEnumerable<ulong> cookies)
    {
        ImmutableArray<ulong> all = [.. cookies];
        return all.Length == Names.Length + Addresses.Length && all.Length > 0
            ? new(_text) { Names = Names, Addresses = Addresses, Cookies = all }
            : throw new ArgumentException($"There are {all.Length} cookies for {Names.Length + Addresses.Length} functions.", nameof(cookies));
    }

    /// <inheritdoc/>
    public override string ToString() => _text;
}
