using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Records for programs.</summary>
internal static class UserRingChecks
{
    public static IEnumerable<Check> All => [new("user-ring-buffer", Drained)];

    private static void Drained()
    {
        Check.NeedsLinux(6, 1);
        using var loaded = BpfObject.Load(ObjectSpec.Open("/objects/user_ring.o"), new() { PinFolder = null });
        using var writer = new UserRingBufferWriter(loaded.Maps["commands"]);
        using var echoes = new RingBufferReader(loaded.Maps["echoes"]);
        Check.Holds(writer.TryWrite(BitConverter.GetBytes(7L)), "there is room");
        Check.Holds(writer.TryReserve(8, out var record), "there is room for another");
        record.Discard();
        Check.Equal(1u, loaded.Programs["drain"].TestRun(new byte[14]).Result, "records that were drained");
        Check.Equal((long)writer.BufferSize, writer.FreeBytes, "bytes that are free");

        using var link = Attach.Auto(loaded.Programs["on_call"]);
        Check.Holds(writer.TryWrite(BitConverter.GetBytes(8L)), "there is room");
        Native.Parent();
        var numbers = new List<long>();
        echoes.Consume(echo => numbers.Add(MemoryMarshal.Read<long>(echo[8..])));
        Check.Holds(numbers is [7, 8], "both came, in order");
    }
}
