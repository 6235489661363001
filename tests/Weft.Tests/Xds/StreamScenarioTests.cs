using Weft.Testing;

namespace Weft.Tests.Xds;

/// <summary>Every scenario in <c>scenarios/</c> plays as it is written.</summary>
public sealed class StreamScenarioTests
{
    private const string Folder = "scenarios";

    public static TheoryData<string> Scenarios() =>
        [.. Directory.EnumerateFiles(Golden.PathOf(Folder), "*.txt").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_stream_does_what_its_scenario_says(string scenario)
    {
        var file = Path.Combine(Folder, scenario);
        Golden.Matches(StreamScript.Play(File.ReadAllText(Golden.PathOf(file)).TrimEnd('\n')), file);
    }
}
