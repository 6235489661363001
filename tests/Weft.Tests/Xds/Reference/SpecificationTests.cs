using System.Text;
using Weft.Testing;

namespace Weft.Tests.Xds.Reference;

/// <summary>
/// Whatever clients and publishers do, every response is one that the specification allows, and none is missing that it
/// demands. Thousands of random scripts are played; the one that fails is shown, shortened, with its seed.
/// </summary>
public sealed class SpecificationTests(ITestOutputHelper output)
{
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Every_response_is_one_that_the_specification_allows_and_none_is_missing_that_it_demands()
    {
        var (seed, steps, wanted) = (Soak.Seed(), 0L, Soak.Runs(20_000, 3_000_000));
        var scripts = 0;
        for (; steps < wanted; scripts++)
        {
            var script = Script.Of(unchecked(seed + scripts));
            steps += script.Steps.Length;
            if (Failure(script) is not null)
            {
                Assert.Fail(Explain(script.Shrink(shorter => Failure(shorter) is not null)));
            }
        }

        output.WriteLine($"{steps} steps in {scripts} scripts from WEFT_SEED={seed}");
    }

    private static string? Failure(Script script)
    {
        try
        {
            Player.Play(script);
            return null;
        }
        catch (SpecException e)
        {
            return e.Message;
        }
    }

    private static string Explain(Script script)
    {
        var log = new StringBuilder().AppendLine($"WEFT_SEED={script.Seed}, shortened to {script.Steps.Length} steps");
        var error = Assert.Throws<SpecException>(() => Player.Play(script, line => log.AppendLine(line)));
        return $"{error.Message}\n{log}";
    }
}
