using Weft.Bpf.Explaining;
using Weft.Testing;

namespace Weft.Kernel.Tests.Explaining;

public sealed class VerifierLogTests
{
    // As Linux 5.10 writes, which tells all it knows before each instruction.
    private const string Old = """
        0: R1=ctx(id=0,off=0,imm=0) R10=fp0
        ; int f(void *c)
        0: (b7) r1 = 1
        1: R1_w=inv1 R10=fp0
        1: (63) *(u32 *)(r10 -4) = r1
        2: R1_w=inv1 R10=fp0 fp-8=mmmm????
        2: (bf) r2 = r10
        3: (85) call bpf_map_lookup_elem#1
        invalid indirect read from stack R2 off -8+4 size 8
        processed 4 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
        """;

    [Fact]
    public void Logs_of_older_kernels_are_understood()
    {
        var log = VerifierLog.Parse([.. Old.Split('\n')]);
        Assert.Equal(new VerifierStep(3, "call bpf_map_lookup_elem#1"), log.Last);
        Assert.Equal(["invalid indirect read from stack R2 off -8+4 size 8"], log.Messages);
        Assert.Equal([new("R1", "inv1"), new("R10", "fp0"), new("fp-8", "mmmm????")], log.Registers);
        Assert.Equal("a number", log.Registers[0].Meaning);
        Assert.Equal(4, log.Processed);
        Assert.Equal("uninitialised-stack", Explanation.OfMessages(log.Messages)?.Name);
    }

    [Fact]
    public void What_an_instruction_changes_is_known_to_the_next()
    {
        var log = VerifierLog.Parse(
        [
            "0: R1=ctx() R10=fp0", "0: (b7) r0 = 1                  ; R0=1", "1: (b7) r0 = 2  ; R0=2", "R0 is not liked",
            "stack depth 16+304", "processed 2 insns (limit 1000000)",
        ]);
        Assert.Equal([new("R0", "1"), new("R1", "ctx()"), new("R10", "fp0")], log.Registers);
        Assert.Equal((2, 320), (log.Processed, log.StackDepth));
    }

    [Fact]
    public void Of_a_long_log_the_end_is_kept()
    {
        var log = VerifierLog.Parse([.. Enumerable.Range(0, 100_000).SelectMany(i => new[] { $"{i}: (07) r0 += 1", $"message {i}" })]);
        Assert.Equal((1024, 99_999), (log.Steps.Length, log.Last?.Instruction));
        Assert.Equal("message 99999", log.Messages[^1]);
        Assert.InRange(log.Messages.Length, 1, 64);
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Any_log_is_read()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        for (var run = 0; run < Soak.Runs(20_000, 1_000_000); run++)
        {
            var text = Old.ToCharArray();
            for (var change = random.Next(1, 12); change > 0; change--)
            {
                text[random.Next(text.Length)] = " \n:;()=R_-0fp\0ÿ9"[random.Next(16)];
            }

            try
            {
                var log = VerifierLog.Parse([.. new string(text, 0, random.Next(text.Length)).Split('\n')]);
                Assert.All(log.Registers, r => Assert.NotEqual("", r.Meaning));
                Explanation.OfMessages(log.Messages);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, run {run}: {e}");
            }
        }
    }
}
