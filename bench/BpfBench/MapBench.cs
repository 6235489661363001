using System.Diagnostics;
using System.Text.Json;
using Weft.Bpf;

namespace Weft.BpfBench;

/// <summary>How long operations on a hash map take.</summary>
internal sealed class MapBench
{
    private const int Entries = 10_000;
    private const int MaxEntries = 16_384;
    private const int BatchSize = 1_000;
    private const int BatchRounds = 20;

    private readonly Map<ulong, Value> _map;
    private readonly ulong[] _keys = new ulong[BatchSize];
    private readonly Value[] _values = new Value[BatchSize];
    private readonly MapCursor _cursor;
    private readonly Dictionary<string, (Samples Times, Samples Allocated, string Unit)> _results = [];

    private MapBench(BpfMap map)
    {
        _map = new(map);
        _cursor = map.NewCursor();
        for (ulong key = 0; key < Entries; key++)
        {
            _map.Update(key, new(key));
        }

        for (var i = 0; i < BatchSize; i++)
        {
            (_keys[i], _values[i]) = ((ulong)i, new((ulong)i));
        }
    }

    public static void Run(Options options)
    {
        using var map = BpfMap.Create(new() { Name = "bench", Type = MapType.Hash, KeySize = 8, ValueSize = 64, MaxEntries = MaxEntries });
        var bench = new MapBench(map);
        for (var round = -1; round < options.Rounds; round++)
        {
            bench.Round(options.Operations, isCounted: round >= 0);
        }

        Samples.Print("map", json =>
        {
            json.WriteNumber("key", 8);
            json.WriteNumber("value", 64);
            json.WriteNumber("max_entries", MaxEntries);
            json.WriteNumber("entries", Entries);
            json.WriteNumber("ops", options.Operations);
            json.WriteNumber("rounds", options.Rounds);
            bench.Write(json);
        });
    }

    private void Round(int operations, bool isCounted)
    {
        var batches = Math.Max(BatchRounds, operations / BatchSize);
        Measure("lookup", "op", isCounted, () => Lookup(operations, 0));
        Measure("lookup_missing", "op", isCounted, () => Lookup(operations, MaxEntries));
        Measure("update", "op", isCounted, () => Update(operations));
        Measure("iterate", "entry", isCounted, () => Iterate(Math.Max(1, operations / Entries)));
        Measure("batch_update_1000", "batch", isCounted, () => UpdateBatches(batches));
        Measure("batch_lookup_1000", "batch", isCounted, () => LookupBatches(batches));
    }

    private void Measure(string name, string unit, bool isCounted, Func<int> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var count = work();
        var end = Stopwatch.GetTimestamp();
        var after = GC.GetAllocatedBytesForCurrentThread();
        if (isCounted)
        {
            var (times, allocated, _) = _results.TryGetValue(name, out var known) ? known : _results[name] = (new(), new(), unit);
            times.Add(Samples.Nanoseconds(start, end) / count);
            allocated.Add((double)(after - before) / count);
        }
    }

    private int Lookup(int operations, ulong first)
    {
        var found = 0;
        for (var i = 0; i < operations; i++)
        {
            found += _map.TryGet(first + ((ulong)i % Entries), out var value) && value.A == (ulong)i % Entries ? 1 : 0;
        }

        return found == (first == 0 ? operations : 0) ? operations : throw new InvalidOperationException($"found {found}");
    }

    private int Update(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var key = (ulong)i % Entries;
            _map.Update(key, new(key));
        }

        return operations;
    }

    private int Iterate(int times)
    {
        var count = 0;
        for (var i = 0; i < times; i++)
        {
            foreach (var (_, _) in _map)
            {
                count++;
            }
        }

        return count;
    }

    private int UpdateBatches(int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            _map.UpdateBatch(_keys, _values);
        }

        return batches;
    }

    private int LookupBatches(int batches)
    {
        // Into room of their own: what is read comes in another order.
        var (keys, values) = (_readKeys, _readValues);
        var count = 0;
        while (count < batches)
        {
            _cursor.Reset();
            while (!_cursor.IsAtEnd)
            {
                count += _map.ReadBatch(_cursor, keys, values) > 0 ? 1 : 0;
            }
        }

        return count;
    }

    private readonly ulong[] _readKeys = new ulong[BatchSize];
    private readonly Value[] _readValues = new Value[BatchSize];

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("results");
        foreach (var (name, (times, allocated, unit)) in _results)
        {
            json.WriteStartObject(name);
            times.Write(json, "ns");
            json.WriteNumber("alloc_bytes", allocated.Median);
            json.WriteString("unit", unit);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A value of 64 bytes.</summary>
    private readonly record struct Value(
        ulong A, ulong B = 0, ulong C = 0, ulong D = 0, ulong E = 0, ulong F = 0, ulong G = 0, ulong H = 0);
}
