namespace Weft.Bpf.Libbpf;

/// <summary>Tells libbpf in what a map differs from the one in the file.</summary>
/// <param name="map">The map that is wanted.</param>
/// <param name="before">As it stands in the file.</param>
/// <param name="check">Takes what libbpf answers.</param>
internal sealed unsafe class LibbpfMapChanges(MapSpec map, MapSpec before, LoadSettings settings, Action<int, string> check)
{
    private readonly string _stage = $"map {map.Name}";

    public void Apply(nint native)
    {
        if (map.Name != before.Name || map.Freeze != before.Freeze)
        {
            throw Refused("its name, and whether it is frozen, are fixed");
        }

        // Some versions would write behind the memory that they have for it.
        if (LibbpfCalls.MapIsData(native) && (map.Type, map.KeySize, map.ValueSize, map.MaxEntries)
            != (before.Type, before.KeySize, before.ValueSize, before.MaxEntries))
        {
            throw Refused("what a section of data is, and its size, are fixed");
        }

        Set(map.Type != before.Type, () => LibbpfCalls.MapType(native, (uint)map.Type));
        Set(map.KeySize != before.KeySize, () => LibbpfCalls.MapKeySize(native, map.KeySize));
        Set(map.ValueSize != before.ValueSize, () => LibbpfCalls.MapValueSize(native, map.ValueSize));
        Set(map.MaxEntries != before.MaxEntries, () => LibbpfCalls.MapMaxEntries(native, map.MaxEntries));
        Set(map.Flags != before.Flags, () => LibbpfCalls.MapFlags(native, map.Flags));
        Set(map.NumaNode != before.NumaNode, () => LibbpfCalls.MapNumaNode(native, map.NumaNode));
        Set(map.Extra != before.Extra, () => LibbpfCalls.MapExtra(native, map.Extra));
        Set(map.PinByName != before.PinByName && settings.PinFolder is not null, () => LibbpfCalls.MapPin(
            native, map.PinByName ? Path.Combine(settings.PinFolder!, map.Name) : null));
        ApplyContents(native);
        if (map.Inner is { } inner && before.Inner is { } innerBefore)
        {
            new LibbpfMapChanges(inner, innerBefore, settings, check).Apply(LibbpfCalls.MapInner(native));
        }
    }

    private void ApplyContents(nint native)
    {
        if (map.Contents.SequenceEqual(before.Contents, Same.Comparer))
        {
            return;
        }

        if (!LibbpfCalls.MapIsData(native) || map.Contents is not [{ Reference: null, Value: var value }])
        {
            throw Refused("what stands in it from the beginning is fixed: write it when it is loaded");
        }

        fixed (byte* bytes = value.Span)
        {
            check(LibbpfCalls.MapValue(native, bytes, (nuint)value.Length), _stage);
        }
    }

    private void Set(bool isChanged, Func<int> set)
    {
        if (isChanged)
        {
            check(set(), _stage);
        }
    }

    private BpfNotSupportedException Refused(string why) =>
        new($"libbpf cannot change map {map.Name}: {why}, or load with the managed back-end");

    private sealed class Same : IEqualityComparer<MapContent>
    {
        public static Same Comparer { get; } = new();

        public bool Equals(MapContent? x, MapContent? y) => x is not null && y is not null
            && x.Reference == y.Reference && x.Key.Span.SequenceEqual(y.Key.Span) && x.Value.Span.SequenceEqual(y.Value.Span);

        public int GetHashCode(MapContent content) => content.Key.Length;
    }
}
