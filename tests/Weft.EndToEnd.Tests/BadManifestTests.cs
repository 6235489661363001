using Weft.EndToEnd.Tests.Stage;

namespace Weft.EndToEnd.Tests;

/// <summary>A mistake in a manifest leaves the traffic as it was, and says where it is.</summary>
public sealed class BadManifestTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();

    [Theory, EachDataPlane]
    public async Task A_mistake_is_shown_with_its_place_and_moves_nothing_until_it_is_mended(DataPlaneKind kind)
    {
        await _mesh.WithAsync("v1", "v2");
        _mesh.Write("service", Manifest.Service("reviews"));
        _mesh.Write("route", Route("v1"));
        await _mesh.StartAsync(kind, "reviews");
        await using var load = Load.Start(_mesh.Caller, "reviews");
        await load.OnlyAsync("v1");
        var (from, to) = ("v1", "v2");
        foreach (var (spoil, code) in Mistakes)
        {
            var (bad, line, column) = spoil(Route(to));
            _mesh.Write("route", bad);
            await ShownAsync(code, line, column);
            var strayed = load.View.Answers.GetValueOrDefault(to);
            await load.MoreAsync(from, 100);
            Assert.Equal(strayed, load.View.Answers.GetValueOrDefault(to));

            _mesh.Write("route", Route(to));
            await load.OnlyAsync(to);
            await _mesh.Control.StatusAsync("no diagnostics", status => status.Diagnostics.IsEmpty);
            (from, to) = (to, from);
        }

        await load.NoneFailedAsync();
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    // Each makes a bad file of a good one, and says where the mistake then is.
    private static (Func<string, (string Text, int Line, int Column)> Spoil, string Code)[] Mistakes =>
    [
        (HalfWritten, "WEFT1005"),
        (text => Replaced(text, "rules:", "ruless:"), "WEFT1013"),
        (text => Replaced(text, "80,", "80000,"), "WEFT1102"),
    ];

    private static string Route(string service) => Manifest.Route("reviews", Manifest.Rule("", (service, 1)));

    private static (string, int, int) HalfWritten(string text)
    {
        var half = text[..text.IndexOf(", weight", StringComparison.Ordinal)] + '\n';
        return (half, half.Count(c => c == '\n') + 1, 1);
    }

    private static (string, int, int) Replaced(string text, string good, string bad)
    {
        var changed = text.Replace(good, bad, StringComparison.Ordinal);
        var before = changed[..changed.IndexOf(bad, StringComparison.Ordinal)];
        return (changed, before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private async Task ShownAsync(string code, int line, int column)
    {
        await _mesh.Control.StatusAsync("a diagnostic", status => !status.Diagnostics.IsEmpty);
        var found = (await _mesh.Control.StatusAsync()).Diagnostics;
        Assert.Contains(found, d => d.Severity == "error" && d.File == _mesh.Control.Manifests.PathOf("route.yaml"));
        Assert.Contains((code, line, column), found.Select(d => (d.Code, d.Line ?? 0, d.Column ?? 0)));
    }
}
