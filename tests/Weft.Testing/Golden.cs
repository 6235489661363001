using System.Runtime.CompilerServices;
using Xunit;

namespace Weft.Testing;

/// <summary>
/// Compares a text with a file beside the test. <c>UPDATE_GOLDEN=1</c> writes the files anew; the review of the
/// difference is then the review of the change.
/// </summary>
public static class Golden
{
    private const string Hint = "UPDATE_GOLDEN=1 writes it anew; read the difference before you commit it.";

    // A deterministic build maps the checkout to this root in the paths that the compiler writes down.
    private const string MappedRoot = "/_/";

    /// <summary>Fails unless the file holds exactly this text.</summary>
    /// <param name="actual">The text; lines end in <c>\n</c>.</param>
    /// <param name="file">Relative to the folder of the calling test: <c>scenarios/late-ack.txt</c>.</param>
    public static void Matches(string actual, string file, [CallerFilePath] string test = "")
    {
        var path = PathOf(file, test);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        if (!File.Exists(path))
        {
            Assert.Fail($"The golden file {path} does not exist. {Hint}");
        }

        var expected = File.ReadAllText(path);
        if (expected != actual)
        {
            var difference = FirstDifference(expected.Split('\n'), actual.Split('\n'));
            Assert.Fail($"{path}{difference}\n{Hint}\n--- the whole new text:\n{actual}");
        }
    }

    /// <summary>Where <see cref="Matches"/> looks for the file.</summary>
    public static string PathOf(string file, [CallerFilePath] string test = "")
    {
        var source = test.StartsWith(MappedRoot, StringComparison.Ordinal)
            ? Path.Combine(RepositoryRoot.Path, test[MappedRoot.Length..])
            : test;
        return Path.Combine(Path.GetDirectoryName(source)!, file);
    }

    private static string FirstDifference(string[] expected, string[] actual)
    {
        var line = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        return $":{line + 1}\n  expected: {At(expected, line)}\n  actual:   {At(actual, line)}";
    }

    private static string At(string[] lines, int index) => index < lines.Length ? lines[index] : "(the end)";
}
