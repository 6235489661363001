using Weft.Agent.Commands;
using Weft.Agent.Text;
using Weft.Bpf;

namespace Weft.Agent.Pinning;

/// <summary>
/// Pins an object's programs, maps and links. They are pinned in a folder beside the one that is wanted, which then gets its
/// name in one step: who looks there finds all or nothing, also when this process is killed meanwhile.
/// </summary>
internal sealed class Pinner : IDisposable
{
    private readonly string _folder;
    private readonly string _made;
    private readonly List<PinView> _pins = [];
    private readonly List<BpfLink> _links = [];

    private Pinner(string folder)
    {
        _folder = folder;
        _made = $"{folder}_{Guid.NewGuid():n}";
    }

    public static List<PinView> Pin(string file, string folder, bool attaches)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var spec = ObjectFile.Read(file);
        if (Path.Exists(folder))
        {
            throw new CommandException($"{folder} is there already; 'weft-agent bpf unpin {folder}' removes it, or name another");
        }

        using var pinner = new Pinner(folder);
        try
        {
            using var loaded = BpfObject.Load(spec, new() { PinFolder = null });
            pinner.Make(loaded, attaches);
        }
        catch (BpfException e)
        {
            throw new CommandException($"{file}: {e.Message}; nothing is pinned", e);
        }

        return pinner._pins;
    }

    public void Dispose()
    {
        // What is pinned stays attached, and what is not is detached.
        _links.ForEach(l => l.Dispose());
    }

    private void Make(BpfObject loaded, bool attaches)
    {
        try
        {
            CreateFolder(_made);
            All("programs", "program", loaded.Programs, (program, path) => program.Pin(path));
            All("maps", "map", loaded.Maps, (map, path) => map.Pin(path));
            if (attaches)
            {
                All("links", "link", loaded.Programs, Attach);
            }

            Directory.Move(_made, _folder);
        }
        catch
        {
            Remove();
            throw;
        }
    }

    private void All<T>(string part, string kind, IEnumerable<KeyValuePair<string, T>> objects, Action<T, string> pin)
    {
        CreateFolder(Path.Combine(_made, part));
        foreach (var (name, value) in objects)
        {
            // A BPF file system takes no dots: .rodata is called rodata.
            var plain = name.TrimStart('.').Replace('.', '_').Replace('/', '_');
            var path = Path.Combine(_made, part, plain);
            pin(value, path);
            _pins.Add(new(Path.Combine(_folder, part, plain), kind, PinnedObject.Look(path).Id));
        }
    }

    private void Attach(BpfProgram program, string path)
    {
        _links.Add(Bpf.Attach.Auto(program));
        _links[^1].Pin(path);
    }

    private static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"{Plain.Line(path)} cannot be made: {e.Message}; FOLDER must lie on a BPF file system (mount -t bpf bpf /sys/fs/bpf), without a dot in its name", e);
        }
    }

    // Only what this has made: its name is random.
    private void Remove()
    {
        _links.ForEach(l => l.Dispose());
        if (Directory.Exists(_made))
        {
            Directory.Delete(_made, recursive: true);
        }
    }
}
