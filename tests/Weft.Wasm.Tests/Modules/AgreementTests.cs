using Weft.Testing;

namespace Weft.Wasm.Tests.Modules;

public sealed class AgreementTests
{
    [Fact]
    public void Every_seed_is_valid_for_everyone()
    {
        using var judges = new Judgement();
        Assert.All(Seeds.Small.Values, bytes =>
        {
            Assert.Null(Judgement.Ours(bytes));
            Assert.Null(judges.Wasmtime(bytes));
        });
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Wasmtime_and_Weft_refuse_the_same_mutated_modules()
    {
        using var judges = new Judgement();
        var seed = Soak.Seed();
        var random = new Random(seed);
        var seeds = Seeds.Small.Values.ToArray();
        List<string> differences = [];
        for (var run = 0; run < Soak.Runs(20_000, 2_000_000); run++)
        {
            var bytes = Mutation.Of(seeds[run % seeds.Length], random);
            var (ours, theirs) = (Judgement.Ours(bytes), judges.Wasmtime(bytes));
            if (ours is null != theirs is null && !Differs.ByDesign(ours, theirs))
            {
                differences.Add($"run {run}: {Convert.ToHexString(bytes)}\n  ours: {ours}\n  Wasmtime: {theirs}");
            }
        }

        Assert.True(differences.Count == 0, $"seed {seed}\n{string.Join('\n', differences.Take(10))}");
    }
}
