namespace Weft.Wasm.Regexes;

/// <summary>
/// The automaton of a tree, of which many states can hold at once (Thompson's construction). It is built from its end:
/// each part is given the state that follows it.
/// </summary>
internal sealed class RegexAutomaton
{
    private const int MaxStates = 20_000;

    private readonly List<State> _states = [];

    public RegexAutomaton(RegexNode tree, RegexExtent extent)
    {
        var end = Add(new State.End());
        if (extent == RegexExtent.Whole)
        {
            Start = Add(tree, end);
            return;
        }

        // Any bytes before and behind, characters or not.
        Start = AnyBytes(Add(tree, AnyBytes(end)));
    }

    public int Start { get; }

    public IReadOnlyList<State> States => _states;

    /// <summary>Whether what may follow depends on places, so that the last byte counts.</summary>
    public bool HasPlaces { get; private set; }

    private int Add(State state)
    {
        if (_states.Count == MaxStates)
        {
            throw RegexException.Size("it is too large, for its repetitions above all");
        }

        _states.Add(state);
        return _states.Count - 1;
    }

    private int Add(RegexNode node, int next)
    {
        switch (node)
        {
            case RegexNode.Letter letter:
                return AddLetter(letter.Set, next);
            case RegexNode.Place place:
                HasPlaces = true;
                return Add(new State.Place(place.Kind, next));
            case RegexNode.Sequence sequence:
                return sequence.Parts.Reverse().Aggregate(next, (following, part) => Add(part, following));
            case RegexNode.Choice choice:
                return Add(new State.Fork([.. choice.Parts.Select(part => Add(part, next))]));
            case RegexNode.Repeat repeat:
                return AddRepeat(repeat, next);
            default:
                throw new InvalidOperationException($"{node} is no part of a regular expression.");
        }
    }

    private int AddRepeat(RegexNode.Repeat repeat, int next)
    {
        var state = next;
        if (repeat.Most < 0)
        {
            state = AddLoop(repeat.Part, next);
        }

        for (var i = repeat.Least; i < repeat.Most; i++)
        {
            state = Add(new State.Fork([Add(repeat.Part, state), next]));
        }

        for (var i = 0; i < repeat.Least; i++)
        {
            state = Add(repeat.Part, state);
        }

        return state;
    }

    private int AddLoop(RegexNode part, int next)
    {
        var loop = Add(new State.Fork([next]));
        _states[loop] = new State.Fork([Add(part, loop), next]);
        return loop;
    }

    private int AnyBytes(int next)
    {
        var loop = Add(new State.Fork([next]));
        _states[loop] = new State.Fork([Add(new State.Bytes(0, 255, loop)), next]);
        return loop;
    }

    private int AddLetter(CharacterSet set, int next)
    {
        var starts = new List<int>();
        // Sequences that end the same way share their ends: the last bytes of most characters.
        var shared = new Dictionary<(byte, byte, int), int>();
        foreach (var sequence in set.Ranges.SelectMany(r => Utf8Sequences.Of(r.First, r.Last)))
        {
            var state = next;
            foreach (var (first, last) in sequence.Reverse())
            {
                if (!shared.TryGetValue((first, last, state), out var same))
                {
                    same = Add(new State.Bytes(first, last, state));
                    shared.Add((first, last, state), same);
                }

                state = same;
            }

            starts.Add(state);
        }

        return starts.Count == 1 ? starts[0] : Add(new State.Fork([.. starts]));
    }

    /// <summary>A state of the automaton.</summary>
    internal abstract record State
    {
        /// <summary>Takes a byte.</summary>
        public sealed record Bytes(byte First, byte Last, int Next) : State;

        /// <summary>Goes on at a place only.</summary>
        public sealed record Place(RegexPlace Kind, int Next) : State;

        /// <summary>Goes on in all of these; nowhere where there are none.</summary>
        public sealed record Fork(int[] Next) : State;

        /// <summary>The text may end.</summary>
        public sealed record End : State;
    }
}
