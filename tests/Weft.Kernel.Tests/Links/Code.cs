using Weft.Bpf;
using Weft.Bpf.Assembly;

namespace Weft.Kernel.Tests.Links;

/// <summary>Instructions by their names, as far as the tests of links need them.</summary>
internal static class Code
{
    public static Instruction[] Exit(int result) => [Move(0, result), new(0x95)];

    public static Instruction Move(int register, int value) => new(0xB7, register, immediate: value);

    public static Instruction Copy(int to, int from) => new(0xBF, to, from);

    public static Instruction Add(int register, int value) => new(0x07, register, immediate: value);

    public static Instruction Call(int helper) => new(0x85, immediate: helper);

    public static Instruction ShiftRight(int register, int bits) => new(0x77, register, immediate: bits);

    /// <summary>Stores eight bytes.</summary>
    public static Instruction Store(int address, short offset, int from) => new(0x7B, address, from, offset);

    /// <summary>Loads eight bytes.</summary>
    public static Instruction Load(int to, int address, short offset) => new(0x79, to, address, offset);

    public static Instruction JumpUnlessEqual(int register, int value, int over) => new(0x55, register, 0, (short)over, value);

    public static Instruction[] Map(int register, BpfMap map) => [new(0x18, register, 1, 0, map.Descriptor.Number), default];

    /// <summary>
    /// Goes on only in this thread; where it is another, ends with <paramref name="otherwise"/>. Register 6 has the context,
    /// 7 the process and thread.
    /// </summary>
    public static Instruction[] OnlyFor(int thread, int otherwise = 0) =>
    [
        Copy(6, 1), Call(14), Copy(7, 0), new(0xBC, 1, 0), new(0x15, 1, 0, 2, thread), Move(0, otherwise), new(0x95),
    ];

    /// <summary>Puts a record of sixteen bytes into a ring buffer: process and thread, and a number.</summary>
    public static Instruction[] Send(BpfMap ring, int number) =>
    [
        Store(10, -16, 7), Move(1, number), Store(10, -8, 1), .. Map(1, ring), Copy(2, 10), Add(2, -16), Move(3, 16), Move(4, 0), Call(130),
    ];

    /// <summary>Puts such a record into the perf buffer of this processor.</summary>
    public static Instruction[] SendPerf(BpfMap events, int number) =>
    [
        Store(10, -16, 7), Move(1, number), Store(10, -8, 1), Copy(1, 6), .. Map(2, events),
        new(0xB4, 3, immediate: -1), Copy(4, 10), Add(4, -16), Move(5, 16), Call(25),
    ];
}
