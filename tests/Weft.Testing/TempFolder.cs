namespace Weft.Testing;

/// <summary>A folder of its own for one test, deleted at its end.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>The full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("weft-test-").FullName;

    /// <summary>Where a file of this name is.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Puts a whole file in place at once: written aside, then renamed, as careful editors do.</summary>
    public void Write(string file, string content)
    {
        var aside = PathOf($".{file}.new");
        File.WriteAllText(aside, content);
        File.Move(aside, PathOf(file), overwrite: true);
    }

    /// <summary>Deletes a file.</summary>
    public void Delete(string file) => File.Delete(PathOf(file));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
