using System.Text;
using Weft.Flow;
using Weft.Manifests;
using Weft.Testing;

namespace Weft.Tests.Manifests;

/// <summary>
/// Plays the files <c>scenarios/*.txt</c>: what happens to the files of a folder, and after each <c>read</c> (indented)
/// what is in force and what is reported. <c>UPDATE_GOLDEN=1</c> writes the indented lines anew.
/// </summary>
public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests/Weft.Tests/Manifests/scenarios");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifests_go_through_the_scenario(string name)
    {
        var path = Path.Combine(Folder, name + ".txt");
        var written = File.ReadAllText(path);
        var played = Play(written);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, played);
        }

        Assert.Equal(written, played);
    }

    private static string Play(string scenario)
    {
        var files = new SortedDictionary<string, FolderFile>(StringComparer.Ordinal);
        var state = ManifestState.Empty;
        var played = new StringBuilder();
        foreach (var line in scenario.TrimEnd('\n').Split('\n').Where(l => !l.StartsWith("    ")))
        {
            played.Append(line).Append('\n');
            var words = line.Split(' ', 3);
            switch (words[0])
            {
                case "write":
                    var text = Text(words.ElementAtOrDefault(2) ?? "");
                    files[words[1]] = FolderFile.Of(words[1], [.. Encoding.UTF8.GetBytes(text)]);
                    break;
                case "spoil":
                    files[words[1]] = FolderFile.Unread(words[1], Diagnostic.Error("WEFT1002", new(words[1]), "No."));
                    break;
                case "delete":
                    Assert.True(files.Remove(words[1]));
                    break;
                case "read":
                    state = state.Step(FolderSnapshot.Of(files.Values, []));
                    Write(state.Snapshot, played);
                    break;
                case "" or "#":
                    break;
                default:
                    Assert.Fail($"Unknown line: {line}");
                    break;
            }
        }

        return played.ToString();
    }

    // "x=80, broken y, !" is a file of three documents.
    private static string Text(string documents) =>
        string.Join("---\n", documents.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Document));

    private static string Document(string word) => word.Split('=', ' ') switch
    {
        ["!"] => "a: [\n",
        ["comment"] => "# nothing\n",
        ["other"] => "apiVersion: v1\nkind: ConfigMap\n",
        ["nameless"] => "apiVersion: v1\nkind: Service\nmetadata: {}\nspec: {ports: [{port: 80}]}\n",
        ["broken", var name] => Service(name, "0"),
        [var name, var port] => Service(name, port),
        _ => throw new ArgumentException(word),
    };

    private static string Service(string name, string port) =>
        $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{ports: [{{port: {port}}}]}}\n";

    private static void Write(ManifestSnapshot snapshot, StringBuilder played)
    {
        foreach (var service in snapshot.Objects.Services.OrderBy(s => s.Name))
        {
            played.Append($"    {service.Name.Name}={service.Ports[0].Port} from {service.Where}\n");
        }

        foreach (var diagnostic in snapshot.Diagnostics)
        {
            played.Append($"    {diagnostic}\n");
        }
    }
}
