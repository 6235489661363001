using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Bpf.Explaining;

/// <summary>What the verifier knows of a register, or of a place of the stack.</summary>
/// <param name="Name"><c>R0</c> to <c>R10</c>, or <c>fp-8</c>.</param>
/// <param name="Value">As the verifier writes it: <c>map_value_or_null(id=1,map=counts,ks=4,vs=8)</c>.</param>
public readonly record struct RegisterState(string Name, string Value)
{
    private static readonly (string Begin, string Meaning)[] Meanings =
    [
        ("map_value_or_null", "a value of a map, or NULL"),
        ("map_value", "a value of a map"),
        ("map_ptr", "a map"),
        ("ctx", "the context that the program was called with"),
        ("pkt_end", "the end of the packet"),
        ("pkt_meta", "data before the packet"),
        ("pkt", "the packet: r= says how many bytes were checked to be there"),
        ("fp", "the stack"),
        ("ringbuf_mem_or_null", "a record of a ring buffer, or NULL"),
        ("ringbuf_mem", "a record of a ring buffer"),
        ("mem_or_null", "memory, or NULL"),
        ("mem", "memory"),
        ("trusted_ptr_", "a structure of the kernel that is certain to live"),
        ("rcu_ptr_", "a structure of the kernel that lives as long as the RCU lock is held"),
        ("untrusted_ptr_", "a structure of the kernel that may be gone: it can only be read"),
        ("ptr_", "a structure of the kernel"),
        ("sock", "a socket"),
        ("scalar", "a number"),
        ("inv", "a number"),
    ];

    /// <summary>What the value is, in words; null where this is not known.</summary>
    public string? Meaning
    {
        get
        {
            var value = Value;
            if (value.Contains("_or_null", StringComparison.Ordinal) && !value.StartsWith("map_", StringComparison.Ordinal))
            {
                return "an address, or NULL";
            }

            return int.TryParse(value.AsSpan(value.StartsWith('P') ? 1 : 0), NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
                ? "a number"
                : Meanings.FirstOrDefault(m => value.StartsWith(m.Begin, StringComparison.Ordinal)).Meaning;
        }
    }
}

/// <summary>Follows what the verifier knows from instruction to instruction.</summary>
internal sealed class RegisterStates
{
    private readonly Dictionary<string, string> _before = [];
    private readonly List<(string Name, string Value)> _changed = [];

    /// <summary>What was known before the last instruction.</summary>
    public ImmutableArray<RegisterState> Before =>
        [.. _before.Select(r => new RegisterState(r.Key, r.Value)).OrderBy(r => r.Name.Length).ThenBy(r => r.Name, StringComparer.Ordinal)];

    /// <summary>Another instruction begins.</summary>
    public void Begin()
    {
        foreach (var (name, value) in _changed)
        {
            _before[name] = value;
        }

        _changed.Clear();
    }

    /// <summary>What an instruction has changed stands behind it.</summary>
    public void Change(string text)
    {
        foreach (var (name, value) in Parse(text))
        {
            _changed.Add((name, value));
        }
    }

    /// <summary>All that is known: <c>7: R0=…</c>, <c>from 3 to 7: R0=…</c>, or <c> R0=…</c> alone of older kernels.</summary>
    public bool TryReplace(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var isAt = colon > 0 && (VerifierStep.Number(line.AsSpan(0, colon), out _) || line.StartsWith("from ", StringComparison.Ordinal));
        if (!isAt && line[0] != ' ')
        {
            return false;
        }

        var found = Parse(isAt ? line[(colon + 1)..] : line).ToList();
        if (found.Count == 0)
        {
            // "from 3 to 7: safe"
            return isAt;
        }

        _before.Clear();
        _changed.Clear();
        foreach (var (name, value) in found)
        {
            _before[name] = value;
        }

        return true;
    }

    // R1_w=ctx(off=0,imm=0) R10=fp0 fp-8=mmmmmmmm; older ones write blanks within brackets.
    private static IEnumerable<(string Name, string Value)> Parse(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            var (start, depth) = (at, 0);
            for (; at < text.Length && (text[at] != ' ' || depth > 0); at++)
            {
                depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            }

            var token = text[start..at];
            var equals = token.IndexOf('=');
            if (equals > 0 && Name(token[..equals]) is { } name)
            {
                yield return (name, token[(equals + 1)..]);
            }
        }
    }

    // R1_w is a register that was written, R1_rD one that was read.
    private static string? Name(string text)
    {
        var mark = text.IndexOf('_');
        var name = mark < 0 ? text : text[..mark];
        return (name.StartsWith('R') && VerifierStep.Number(name.AsSpan(1), out var number) && number <= 10)
            || (name.StartsWith("fp-", StringComparison.Ordinal) && VerifierStep.Number(name.AsSpan(3), out _))
            ? name
            : null;
    }
}
