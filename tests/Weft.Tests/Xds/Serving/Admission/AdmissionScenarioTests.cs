using Weft.Testing;

namespace Weft.Tests.Xds.Serving;

/// <summary>Every scenario in <c>scenarios/</c> plays as it is written.</summary>
public sealed class AdmissionScenarioTests
{
    private const string Folder = "scenarios";

    public static TheoryData<string> Scenarios() =>
        [.. Directory.EnumerateFiles(Golden.PathOf(Folder), "*.txt").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_queue_does_what_its_scenario_says(string scenario)
    {
        var file = Path.Combine(Folder, scenario);
        Golden.Matches(AdmissionScript.Play(File.ReadAllText(Golden.PathOf(file)).TrimEnd('\n')), file);
    }
}
