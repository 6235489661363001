using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Functions of an executable or a library that one link attaches to.</summary>
public sealed class UserFunctions
{
    private readonly string _text;

    private UserFunctions(string path, string text) => (Path, _text) = (path, text);

    /// <summary>The file.</summary>
    public string Path { get; }

    private NamePattern? Pattern { get; init; }

    private ImmutableArray<UserPlace> Places { get; init; } = [];

    internal ImmutableArray<ulong> Cookies { get; private init; } = [];

    internal ImmutableArray<ulong> Counters { get; private init; } = [];

    /// <summary>All in the file's symbols that match a pattern.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pattern">In it <c>*</c> stands for any letters, <c>?</c> for one: <c>SSL_*</c>.</param>
    public static UserFunctions Matching(string path, string pattern) => new(path, pattern) { Pattern = new(pattern) };

    /// <summary>Those of some names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">At least one; each may have bytes from there: <c>main+0x10</c>.</param>
    public static UserFunctions Named(string path, params IEnumerable<string> names)
    {
        ImmutableArray<string> all = [.. names];
        return new(path, string.Join(", ", all))
        {
            Places = [.. all.Select(UserPlace.SplitOffset).Select(p => new UserPlace(path, p.Name, p.Offset))],
        };
    }

    /// <summary>Those that begin at some places of the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offsets">At least one, in bytes.</param>
    public static UserFunctions At(string path, params IEnumerable<ulong> offsets)
    {
        ImmutableArray<ulong> all = [.. offsets];
        return new(path, string.Join(", ", all.Select(o => $"0x{o:x}"))) { Places = [.. all.Select(o => new UserPlace(path, null, o))] };
    }

    /// <summary>The same, each with what the program gets from <c>bpf_get_attach_cookie</c> there.</summary>
    /// <param name="cookies">One for each name or offset, in their order.</param>
    /// <exception cref="ArgumentException">They are fewer or more, or the functions are given by a pattern.</exception>
    public UserFunctions WithCookies(params IEnumerable<ulong> cookies) =>
        new(Path, _text) { Places = Places, Counters = Counters, Cookies = ForEach(cookies) };

    /// <summary>The same, each with the counter that says how many watch it, as USDT has them.</summary>
    /// <param name="offsets">Where in the file each lies, 0 for none; one for each name or offset, in their order.</param>
    /// <exception cref="ArgumentException">They are fewer or more, or the functions are given by a pattern.</exception>
    public UserFunctions WithCounters(params IEnumerable<ulong> offsets) =>
        new(Path, _text) { Places = Places, Cookies = Cookies, Counters = ForEach(offsets) };

    /// <inheritdoc/>
    public override string ToString() => $"{Path}:{_text}";

    /// <summary>Where they are in the file, in bytes.</summary>
    internal ulong[] FindOffsets(IKernel kernel, string hook)
    {
        if (Pattern is null)
        {
            return [.. Places.Select(p => p.FindOffset(kernel, hook))];
        }

        using var file = FileBytes.Open(kernel, Path, hook);
        var found = new SymbolList(file, Pattern).Find();
        return found.Count > 0
            ? [.. found]
            : throw AttachHints.Refused(
                -Errno.NoEntry, hook, "symbol", $"neither .symtab nor .dynsym of {Path} has a function {Pattern}; is it stripped?");
    }

    private ImmutableArray<ulong> ForEach(IEnumerable<ulong> values, [CallerArgumentExpression(nameof(values))] string? name = null)
    {
        ImmutableArray<ulong> all = [.. values];
        return all.Length == Places.Length && all.Length > 0
            ? all
            : throw new ArgumentException($"There are {all.Length} {name} for {Places.Length} functions.", name);
    }
}
