using Weft.Flow;
using Weft.Testing;
using Weft.Wasm.Checking;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Tests.Modules;

/// <summary>Whatever the bytes are, reading, validating and checking end, and say what is wrong instead of failing.</summary>
public sealed class HostileModuleTests
{
    [Fact]
    public void Every_truncation_of_a_small_module_is_refused_with_an_offset_within_it()
    {
        foreach (var bytes in Seeds.Small.Values)
        {
            var boundaries = WasmModule.Read(bytes).Sections.Select(s => s.Offset).ToHashSet();
            for (var length = 0; length < bytes.Length; length++)
            {
                var isRead = WasmModule.TryRead(bytes.AsMemory(0, length), out _, out var diagnostic);
                Assert.True(!isRead || boundaries.Contains(length), $"cut to {length}");
                Assert.True(isRead || length < 8 || OffsetOf(diagnostic!) <= length, $"cut to {length}: {diagnostic}");
            }
        }
    }

    [Fact]
    public void Every_byte_of_a_small_module_may_be_any_other()
    {
        foreach (var bytes in Seeds.Small.Values)
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var before = bytes[at];
                foreach (var value in new byte[] { 0, 1, 0x0B, 0x40, 0x7F, 0x80, 0xFF, (byte)~before })
                {
                    var changed = bytes.ToArray();
                    changed[at] = value;
                    Judge(changed, $"byte {at} is {value}");
                }
            }
        }
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Truncations_of_foreign_plugins_are_refused()
    {
        foreach (var bytes in Seeds.Foreign().Values)
        {
            var step = Soak.Runs(211, 1);
            for (var length = 0; length < bytes.Length; length += step)
            {
                Judge(bytes.AsMemory(0, length), $"cut to {length}");
            }
        }
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Mutated_foreign_plugins_are_judged()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        var plugins = Seeds.Foreign().Values.ToArray();
        for (var run = 0; run < Soak.Runs(200, 50_000); run++)
        {
            Judge(Mutation.Of(plugins[run % plugins.Length], random), $"seed {seed}, run {run}");
        }
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Random_bytes_behind_a_header_are_judged()
    {
        var seed = Soak.Seed();
        var random = new Random(seed);
        for (var run = 0; run < Soak.Runs(20_000, 2_000_000); run++)
        {
            var bytes = new byte[random.Next(8, 80)];
            random.NextBytes(bytes);
            ModuleBytes.Header.CopyTo(bytes, 0);

            // A section that has the size it claims is looked into.
            if (bytes.Length > 10)
            {
                (bytes[8], bytes[9]) = ((byte)random.Next(0, 13), (byte)(bytes.Length - 10));
            }

            Judge(bytes, $"seed {seed}, run {run}");
        }
    }

    private static void Judge(ReadOnlyMemory<byte> bytes, string what)
    {
        try
        {
            foreach (var finding in PluginCheck.Check(bytes))
            {
                Assert.StartsWith("WEFT61", finding.Code, StringComparison.Ordinal);
                Assert.NotEmpty(finding.Message);
            }
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: {failure}");
        }
    }

    private static int OffsetOf(Diagnostic diagnostic)
    {
        var words = diagnostic.Message.Split(' ');
        return int.Parse(words[Array.IndexOf(words, "byte") + 1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
