using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Memory that a program and this process share, with its pointers.</summary>
internal static class ArenaChecks
{
    private const uint Magic = 0x600D;

    public static IEnumerable<Check> All => [new("arena", Walked)];

    private static void Walked()
    {
        Check.NeedsLinux(6, 9);
        using var loaded = BpfObject.Load(ObjectSpec.Open("/objects/arena.o"), new() { PinFolder = null });
        var arena = loaded.Maps["arena"].Arena;
        Check.Equal(Magic, loaded.Programs["make"].TestRun().Result, "the line of the check that failed");
        var made = loaded.Spec.Variables["made"];
        using var memory = loaded.Maps[made.Map].OpenMemory(isWritable: false);
        var (sum, count) = (0L, 0);
        for (var at = memory.Read<ulong>(made.Offset); at != 0; at = arena.Read<ulong>(at))
        {
            sum += arena.Read<long>(at + 8);
            count++;
        }

        Check.Equal((10, 55L), (count, sum), "what the program left");
        arena.Write(arena.AddressOf(loaded.Spec.Variables["given"]), memory.Read<ulong>(made.Offset));
        Check.Equal(55u, loaded.Programs["walk"].TestRun().Result, "what the program finds");
    }
}
