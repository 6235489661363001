using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Kernel.Tests.Links;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Readers;

public sealed class RingBufferReaderTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_record_of_a_raw_tracepoint_is_read()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var program = TestProgram.Load(
            ProgramType.RawTracepoint, [.. Code.OnlyFor(Native.Thread()), .. Code.Send(map, 7), .. Code.Exit(0)]);
        using var link = Attach.RawTracepoint(program, "sys_enter");
        Native.Parent();
        ulong seen = 0;
        var count = reader.Poll(record => seen = MemoryMarshal.Read<ulong>(record[8..]), Bound);
        Assert.True(count > 0);
        Assert.Equal(7ul, seen);
    }
}
