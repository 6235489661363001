using Weft.Testing;

namespace Weft.Tests.XdsClient;

public sealed class ScenarioTests
{
    private static string Folder =>
        Path.Combine(RepositoryRoot.Path, "tests", "Weft.Tests", "XdsClient", "scenarios");

    public static TheoryData<string> Scenarios() =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_machine_does_what_the_scenario_says(string name)
    {
        var file = Path.Combine(Folder, $"{name}.txt");
        var written = File.ReadAllText(file);
        var played = ClientScenario.Play(written);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, played);
            return;
        }

        Assert.Equal(written, played);
    }
}
