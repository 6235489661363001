using Weft.Bpf.Specs.Reading;

namespace Weft.Bpf.Loading;

/// <summary>The names of maps of data in the kernel, which are libbpf's, so that tools recognize them.</summary>
internal static class DataMaps
{
    private const int MaxName = 15;
    private const int LeastSuffix = 7;

    /// <summary>A copy of a map, which for a section is named after its object, too: <c>tracer.rodata</c>.</summary>
    public static MapSpec Named(MapSpec map, ObjectSpec spec)
    {
        var copy = map.Copy();
        if (map.Name.StartsWith('.'))
        {
            // Sections that a user has named, .data.mine, have no room for more.
            var isOwn = map.Name != ExternReader.Config && map.Name.IndexOf('.', 1) >= 0;
            var suffix = Math.Min(Math.Max(LeastSuffix, map.Name.Length), MaxName);
            var prefix = isOwn ? 0 : Math.Min(MaxName - suffix, spec.Name.Length);
            copy.Name = spec.Name[..prefix] + map.Name;
        }

        return copy;
    }
}
