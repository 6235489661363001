using System.Globalization;

namespace Weft.Agent.Listing;

/// <summary>Which processes have which objects open, as <c>/proc</c> tells, as far as this process may see.</summary>
internal sealed class Holders
{
    private static readonly (string Target, string Key)[] Kinds =
    [
        ("anon_inode:bpf-prog", "prog_id:"), ("anon_inode:bpf-map", "map_id:"), ("anon_inode:bpf_link", "link_id:"),
    ];

    private readonly Dictionary<(string Key, uint Id), SortedSet<int>> _pids = [];

    public static Holders Find()
    {
        var found = new Holders();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                found.Look(folder, pid);
            }
        }

        return found;
    }

    public List<int> OfProgram(uint id) => Of("prog_id:", id);

    public List<int> OfMap(uint id) => Of("map_id:", id);

    public List<int> OfLink(uint id) => Of("link_id:", id);

    private List<int> Of(string key, uint id) => _pids.TryGetValue((key, id), out var pids) ? [.. pids] : [];

    private void Look(string folder, int pid)
    {
        try
        {
            foreach (var file in new DirectoryInfo(Path.Combine(folder, "fd")).EnumerateFiles())
            {
                // Some kernels write [bpf-map], some bpf-map.
                var target = (file.LinkTarget ?? "").Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
                if (Kinds.FirstOrDefault(k => target.EndsWith(k.Target, StringComparison.Ordinal)).Key is { } key)
                {
                    Add(key, Path.Combine(folder, "fdinfo", file.Name), pid);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to another user.
        }
    }

    private void Add(string key, string path, int pid)
    {
        // The id of a link's program stands behind that of the link.
        var line = File.ReadLines(path).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        if (line is not null && uint.TryParse(line.AsSpan(key.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var id))
        {
            if (!_pids.TryGetValue((key, id), out var pids))
            {
                _pids[(key, id)] = pids = [];
            }

            pids.Add(pid);
        }
    }
}
