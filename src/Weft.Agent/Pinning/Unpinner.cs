using Weft.Agent.Commands;
using Weft.Bpf;

namespace Weft.Agent.Pinning;

/// <summary>Removes pins, and only pins: all is looked at before anything is removed.</summary>
internal static class Unpinner
{
    public static List<PinView> Unpin(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            throw new CommandException($"{path}: there is no such path");
        }

        var isFolder = Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null;
        List<string> folders = isFolder ? [path, .. Directory.EnumerateDirectories(path, "*", Inside)] : [];
        List<string> files = isFolder ? [.. Directory.EnumerateFiles(path, "*", Inside)] : [path];
        if (Mounts().FirstOrDefault(folders.Contains) is { } mount)
        {
            throw new CommandException($"{path}: a file system is mounted at {mount}; name a folder within it");
        }

        List<PinnedObject> pins = [.. files.Select(Look).OrderBy(p => p.Kind)];
        if (pins.Count == 0)
        {
            throw new CommandException($"{path}: there is no pin in it; 'rmdir' removes an empty folder");
        }

        pins.ForEach(p => p.Unpin());
        folders.OrderByDescending(f => f.Length).ToList().ForEach(Directory.Delete);
        return [.. pins.Select(p => new PinView(p.Path, p.Kind == PinnedKind.Unknown ? "pin" : p.Kind.ToString().ToLowerInvariant(), p.Id))];
    }

    // Links to elsewhere are listed, and not followed.
    private static EnumerationOptions Inside => new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    private static PinnedObject Look(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new CommandException($"{path}: it leads elsewhere, and is no pin; nothing was removed");
        }

        try
        {
            return PinnedObject.Look(path);
        }
        catch (KernelException e)
        {
            throw new CommandException($"{path}: it is no pin, or not of yours: {e.Message}; nothing was removed", e);
        }
    }

    private static IEnumerable<string> Mounts() =>
        File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')).Where(f => f.Length > 1).Select(f => f[1].Replace("\\040", " ", StringComparison.Ordinal));
}
