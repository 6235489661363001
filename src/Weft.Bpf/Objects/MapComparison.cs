namespace Weft.Bpf;

/// <summary>Compares a map of the kernel's with what is expected of it.</summary>
internal static class MapComparison
{
    // The kernel adds these by itself to maps of network devices.
    private const uint AddedToDeviceMaps = MapCreateFlags.ReadOnlyForPrograms;

    // How the descriptor was opened, not what the map is.
    private const uint OfDescriptors = MapCreateFlags.ReadOnly | MapCreateFlags.WriteOnly;

    /// <exception cref="MapMismatchException">They differ.</exception>
    public static void Check(MapInfo info, MapSpec expected, string what)
    {
        var differences = new List<string>();
        Compare("type", info.Type, expected.Type);
        Compare("key size", info.KeySize, expected.KeySize);
        Compare("value size", info.ValueSize, expected.ValueSize);
        Compare("elements", info.MaxEntries, expected.MaxEntries);
        Compare("flags", $"0x{Flags(info.Flags):x}", $"0x{Flags(expected.Flags):x}");
        Compare("extra", info.Extra, expected.Extra);
        if (differences.Count > 0)
        {
            throw new MapMismatchException($"{expected.Name} {what}", differences);
        }

        uint Flags(uint flags) => flags & ~OfDescriptors & ~(info.Type is MapType.DeviceMap or MapType.DeviceMapHash ? AddedToDeviceMaps : 0);

        void Compare<T>(string name, T found, T wanted)
        {
            if (!EqualityComparer<T>.Default.Equals(found, wanted))
            {
                differences.Add($"its {name} is {found}, but {wanted} is expected");
            }
        }
    }

    /// <summary>What the map is, with what only the one who asked knows.</summary>
    public static MapSpec Merged(MapInfo info, MapSpec expected)
    {
        var spec = expected.Copy();
        (spec.KeySize, spec.ValueSize, spec.MaxEntries, spec.Flags) = (info.KeySize, info.ValueSize, info.MaxEntries, info.Flags);
        return spec;
    }
}
