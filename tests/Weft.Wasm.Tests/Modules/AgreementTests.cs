using Weft.Testing;

namespace Weft.Wasm.Tests.Modules;

public sealed class AgreementTests
{
    // Wasmtime runs in this process, so that it can judge millions; the others are asked in one go about fewer.
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Wasmtime_and_Weft_refuse_the_same_mutated_modules()
    {
        using var judges = new Judgement();
        Agree(Soak.Runs(20_000, 2_000_000), new Mutants(), judges.Wasmtime);
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Wasmtime_and_Weft_refuse_the_same_random_functions()
    {
        using var judges = new Judgement();
        Agree(Soak.Runs(20_000, 2_000_000), new Bodies(), judges.Wasmtime);
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public async Task Wabt_and_Weft_refuse_the_same_modules()
    {
        // The specification (call_indirect) and the other two say that only functions can be called; wabt 1.0.32 does not
        // look at the type of the table.
        const string Known = "a call goes through a table that holds no functions";
        await AgreeAsync(Soak.Runs(150, 5_000), new Mutants(), Judgement.WabtAsync, Known);
        await AgreeAsync(Soak.Runs(150, 5_000), new Bodies(), Judgement.WabtAsync, Known);
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public async Task V8_and_Weft_refuse_the_same_modules()
    {
        await AgreeAsync(Soak.Runs(1_500, 20_000), new Mutants(), Judgement.V8Async);
        await AgreeAsync(Soak.Runs(1_500, 20_000), new Bodies(), Judgement.V8Async);
    }

    private static void Agree(int runs, ISource source, Func<byte[], string?> theirs)
    {
        var comparison = new Comparison(Soak.Seed());
        var random = new Random(comparison.Seed);
        for (var run = 0; run < runs; run++)
        {
            var bytes = source.Next(random, run);
            comparison.Add(bytes, Judgement.Ours(bytes), theirs(bytes) is null);
        }

        comparison.Conclude();
    }

    private static async Task AgreeAsync(
        int runs,
        ISource source,
        Func<IReadOnlyList<byte[]>, CancellationToken, Task<bool[]>> theirs,
        string? known = null)
    {
        var comparison = new Comparison(Soak.Seed(), known);
        var random = new Random(comparison.Seed);
        var modules = Enumerable.Range(0, runs).Select(run => source.Next(random, run)).ToArray();
        var verdicts = await theirs(modules, TestContext.Current.CancellationToken);
        foreach (var (bytes, isValid) in modules.Zip(verdicts))
        {
            comparison.Add(bytes, Judgement.Ours(bytes), isValid);
        }

        comparison.Conclude();
    }

    private interface ISource
    {
        public byte[] Next(Random random, int run);
    }

    private sealed class Mutants : ISource
    {
        private readonly byte[][] _seeds = [.. Seeds.Small.Values];

        public byte[] Next(Random random, int run) => Mutation.Of(_seeds[run % _seeds.Length], random);
    }

    private sealed class Bodies : ISource
    {
        public byte[] Next(Random random, int run) => new RandomBodies(random).Next();
    }
}
