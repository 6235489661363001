using System.Collections.Immutable;

namespace Weft.Wasm.Regexes;

/// <summary>The smallest automaton that matches the same, as a table.</summary>
internal static class RegexMinimum
{
    public static (int States, int Classes, ImmutableArray<byte> Bytes) Write(RegexSubsets subsets)
    {
        var groups = Groups(subsets);
        var (group, count) = Renumbered(groups);
        var states = Math.Max(count, 2);
        var samples = new int[states];
        for (var state = group.Length - 1; state >= 0; state--)
        {
            samples[group[state]] = state;
        }

        // Where the first state is that from which nothing matches, it is written twice.
        if (count == 1)
        {
            samples[1] = 0;
        }

        var (classOf, classes) = Merged(subsets, group, samples);
        return (states, classes.Count, Written(subsets, group, samples, classOf, classes));
    }

    // States are alike until something tells them apart: whether a text may end there, then where each class leads.
    private static int[] Groups(RegexSubsets subsets)
    {
        var group = subsets.Accepts.Select(a => a ? 1 : 0).ToArray();
        var count = group.Distinct().Count();
        while (true)
        {
            var numbers = new Dictionary<string, int>();
            var finer = new int[group.Length];
            for (var state = 0; state < group.Length; state++)
            {
                var signature = string.Concat(subsets.Next[state].Select(s => (char)group[s])) + (char)group[state];
                numbers.TryAdd(signature, numbers.Count);
                finer[state] = numbers[signature];
            }

            group = finer;
            if (numbers.Count == count)
            {
                return group;
            }

            count = numbers.Count;
        }
    }

    // State 0, then state 1, then the others as they come.
    private static (int[] Group, int Count) Renumbered(int[] groups)
    {
        var numbers = new Dictionary<int, int>();
        foreach (var group in groups)
        {
            numbers.TryAdd(group, numbers.Count);
        }

        return ([.. groups.Select(g => numbers[g])], numbers.Count);
    }

    // Classes that no longer differ become one.
    private static (byte[] ClassOf, List<int> Classes) Merged(RegexSubsets subsets, int[] group, int[] samples)
    {
        var numbers = new Dictionary<string, int>();
        var classes = new List<int>();
        var merged = new int[subsets.Samples.Length];
        for (var old = 0; old < merged.Length; old++)
        {
            var column = string.Concat(samples.Select(s => (char)group[subsets.Next[s][old]]));
            if (numbers.TryAdd(column, numbers.Count))
            {
                classes.Add(old);
            }

            merged[old] = numbers[column];
        }

        return ([.. subsets.ClassOf.Select(c => (byte)merged[c])], classes);
    }

    private static ImmutableArray<byte> Written(
        RegexSubsets subsets, int[] group, int[] samples, byte[] classOf, List<int> classes)
    {
        var bytes = ImmutableArray.CreateBuilder<byte>();
        bytes.AddRange(1, (byte)(classes.Count - 1), (byte)samples.Length, (byte)(samples.Length >> 8));
        bytes.AddRange(classOf);
        for (var first = 0; first < samples.Length; first += 8)
        {
            bytes.Add((byte)samples.Skip(first).Take(8).Select((s, i) => subsets.Accepts[s] ? 1 << i : 0).Sum());
        }

        foreach (var next in samples.SelectMany(s => classes.Select(c => group[subsets.Next[s][c]])))
        {
            bytes.Add((byte)next);
            if (samples.Length > 256)
            {
                bytes.Add((byte)(next >> 8));
            }
        }

        return bytes.Count <= RegexTable.MaxBytes
            ? bytes.ToImmutable()
            : throw RegexException.Size($"its table has {bytes.Count} bytes, more than {RegexTable.MaxBytes}");
    }
}
