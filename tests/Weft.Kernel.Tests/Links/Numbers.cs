using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Tests.Links;

/// <summary>Awaits records of <see cref="Code.Send"/>.</summary>
internal static class Numbers
{
    /// <summary>How long the slowest machine may take; a test that goes well takes no time.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    /// <summary>The number of the next record; fails where none comes.</summary>
    public static long Next(RingBufferReader reader)
    {
        var numbers = new List<long>();
        reader.Poll(record => numbers.Add(MemoryMarshal.Read<long>(record[8..])), Bound);
        Assert.NotEmpty(numbers);
        Assert.All(numbers, number => Assert.Equal(numbers[0], number));
        return numbers[0];
    }
}
