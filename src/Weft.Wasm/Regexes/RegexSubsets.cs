namespace Weft.Wasm.Regexes;

/// <summary>What stands beside a place: the byte before it or behind it, as far as places care.</summary>
internal enum Beside
{
    Edge,
    Newline,
    Word,
    Other,
}

/// <summary>
/// The deterministic automaton of one of which many states hold at once: each of its states is a set of those
/// (the subset construction). Where there are places, a state also knows which kind of byte came last.
/// </summary>
internal sealed class RegexSubsets
{
    // Bounds the time that a hostile pattern can take: a second or so.
    private const int MaxSteps = 20_000_000;

    private readonly RegexAutomaton _automaton;
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<(int[] Core, Beside Before)> _states = [];
    private readonly HashSet<int> _seen = [];
    private readonly Stack<int> _open = [];
    private int _steps;

    private RegexSubsets(RegexAutomaton automaton)
    {
        _automaton = automaton;
        (ClassOf, Samples) = Classes(automaton);
    }

    /// <summary>The class of each byte: bytes of one class lead to the same states.</summary>
    public byte[] ClassOf { get; }

    /// <summary>A byte of each class.</summary>
    public byte[] Samples { get; }

    /// <summary>
    /// The next state by state and class. State 0 has none that match behind it, state 1 is the first.
    /// </summary>
    public List<int[]> Next { get; } = [];

    /// <summary>Whether a text may end in a state.</summary>
    public List<bool> Accepts { get; } = [];

    public static RegexSubsets Of(RegexAutomaton automaton)
    {
        var subsets = new RegexSubsets(automaton);
        subsets.Number([], Beside.Edge);
        subsets.Number([automaton.Start], Beside.Edge);
        for (var state = 0; state < subsets._states.Count; state++)
        {
            subsets.Next.Add([.. subsets.Samples.Select(sample => subsets.Step(state, sample))]);
            subsets.Accepts.Add(subsets.MayEnd(state));
        }

        return subsets;
    }

    private int Step(int state, byte letter)
    {
        var targets = new HashSet<int>();
        foreach (var reached in Passed(state, Kind(letter)))
        {
            if (_automaton.States[reached] is RegexAutomaton.State.Bytes bytes
                && bytes.First <= letter && letter <= bytes.Last)
            {
                targets.Add(bytes.Next);
            }
        }

        return Number([.. targets], targets.Count > 0 && _automaton.HasPlaces ? Kind(letter) : Beside.Edge);
    }

    private bool MayEnd(int state) =>
        Passed(state, Beside.Edge).Any(s => _automaton.States[s] is RegexAutomaton.State.End);

    // The states that hold once it is known what follows: then it shows at which places the text is.
    private List<int> Passed(int state, Beside after)
    {
        var (core, before) = _states[state];
        return Closed(core, place => Holds(place, before, after));
    }

    // The number of the state of these states, once forks are followed.
    private int Number(int[] states, Beside before)
    {
        var core = Closed(states, null);
        core.Sort();
        var key = string.Concat(core.Select(s => (char)s)) + (char)before;
        if (_numbers.TryGetValue(key, out var number))
        {
            return number;
        }

        if (_states.Count == RegexTable.MaxStates)
        {
            throw RegexException.Size($"its automaton has more than {RegexTable.MaxStates} states");
        }

        _numbers.Add(key, _states.Count);
        _states.Add(([.. core], before));
        // The state that nothing leads out of comes first, and has this number.
        return _states.Count - 1;
    }

    private List<int> Closed(int[] states, Func<RegexPlace, bool>? holds)
    {
        _seen.Clear();
        var reached = new List<int>();
        Open(states);
        while (_open.TryPop(out var state))
        {
            switch (_automaton.States[state])
            {
                case RegexAutomaton.State.Fork fork:
                    Open(fork.Next);
                    break;
                case RegexAutomaton.State.Place place when holds?.Invoke(place.Kind) == true:
                    Open([place.Next]);
                    break;
                default:
                    reached.Add(state);
                    break;
            }
        }

        return reached;
    }

    private void Open(int[] states)
    {
        foreach (var state in states)
        {
            if (_seen.Add(state))
            {
                _open.Push(state);
            }
        }

        _steps += states.Length;
        if (_steps > MaxSteps)
        {
            throw RegexException.Size("its automaton takes too long to make");
        }
    }

    private static bool Holds(RegexPlace place, Beside before, Beside after) => place switch
    {
        RegexPlace.TextStart => before == Beside.Edge,
        RegexPlace.TextEnd => after == Beside.Edge,
        RegexPlace.LineStart => before is Beside.Edge or Beside.Newline,
        RegexPlace.LineEnd => after is Beside.Edge or Beside.Newline,
        RegexPlace.WordEdge => (before == Beside.Word) != (after == Beside.Word),
        _ => (before == Beside.Word) == (after == Beside.Word),
    };

    private static Beside Kind(byte letter) =>
        letter == '\n' ? Beside.Newline
        : char.IsAsciiLetterOrDigit((char)letter) || letter == '_' ? Beside.Word
        : Beside.Other;

    private static (byte[] ClassOf, byte[] Samples) Classes(RegexAutomaton automaton)
    {
        var begins = new bool[257];
        foreach (var state in automaton.States)
        {
            if (state is RegexAutomaton.State.Bytes bytes)
            {
                begins[bytes.First] = true;
                begins[bytes.Last + 1] = true;
            }
        }

        var classOf = new byte[256];
        var samples = new List<byte> { 0 };
        for (var letter = 1; letter < 256; letter++)
        {
            if (begins[letter] || (automaton.HasPlaces && Kind((byte)letter) != Kind((byte)(letter - 1))))
            {
                samples.Add((byte)letter);
            }

            classOf[letter] = (byte)(samples.Count - 1);
        }

        return (classOf, [.. samples]);
    }
}
