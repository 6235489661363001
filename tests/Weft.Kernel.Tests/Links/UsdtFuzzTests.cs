using Weft.Bpf;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Links;

/// <summary>Executables that are damaged in any way have places, or are refused: nothing else happens, and it takes no long time.</summary>
public sealed class UsdtFuzzTests : IDisposable
{
    private const int Seed = 4711;

    private static readonly string[] Names = ["kinds", "none", "twice", "counted"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void A_damaged_executable_has_places_and_functions_or_is_refused()
    {
        var good = File.ReadAllBytes(Gcc.Places(Path.Combine(_folder.Path, "places.so"), "-shared -fPIC -s"));
        var random = new Random(Seed);
        var kernel = new FakeKernel { Files = _ => "" };
        var (found, refused) = (0, 0);
        var structure = Structure(good);
        for (var input = 0; input < Soak.Runs(20_000, 5_000_000); input++)
        {
            var bytes = good[..(random.Next(10) == 0 ? random.Next(good.Length) : good.Length)];
            for (var changes = random.Next(1, 5); changes > 0 && bytes.Length > 0; changes--)
            {
                // Mostly where it counts: headers, notes, names.
                var at = random.Next(10) == 0 ? random.Next(good.Length) : structure[random.Next(structure.Count)];
                if (at < bytes.Length)
                {
                    bytes[at] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next() };
                }
            }

            try
            {
                kernel.Content = bytes;
                using var file = FileBytes.Open(kernel, "/file", "usdt");
                Assert.NotEmpty(UsdtPlace.Find(file, "weft", Names[random.Next(Names.Length)], "usdt").Places);
                new SymbolList(file, new("weft_*")).Find();
                found++;
            }
            catch (BpfException)
            {
                refused++;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"input {input} of seed {Seed}: {e}");
            }
        }

        Assert.True(found > 0 && refused > 0, $"{found} found, {refused} refused");
    }

    /// <summary>The bytes of the headers, of the notes and of the symbols.</summary>
    private static List<int> Structure(byte[] file)
    {
        var sections = (int)BitConverter.ToInt64(file, 40);
        var count = BitConverter.ToUInt16(file, 60);
        List<int> places = [.. Enumerable.Range(0, 64 + (56 * BitConverter.ToUInt16(file, 56))), .. Enumerable.Range(sections, count * 64)];
        for (var i = 0; i < count; i++)
        {
            // Notes, symbols, and names.
            if (BitConverter.ToInt32(file, sections + (i * 64) + 4) is 7 or 11 or 3)
            {
                places.AddRange(Enumerable.Range((int)BitConverter.ToInt64(file, sections + (i * 64) + 24), (int)BitConverter.ToInt64(file, sections + (i * 64) + 32)));
            }
        }

        return places;
    }
}
