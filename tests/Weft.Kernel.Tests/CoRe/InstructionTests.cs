using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

public sealed class InstructionTests
{
    private static readonly BtfSpec Local = Types(("a", 0), ("b", 32));
    private static readonly BtfSpec Kernel = Types(("b", 64));

    [Theory]
    [InlineData(0xB7)]
    [InlineData(0xB4)]
    [InlineData(0x07)]
    [InlineData(0x04)]
    public void Arithmetic_with_a_number_gets_the_number(int code) =>
        Assert.Equal(new((byte)code, 3, immediate: 8), Relocate(new Instruction((byte)code, 3, immediate: 4)));

    [Theory]
    [InlineData(0x61)]
    [InlineData(0x62)]
    [InlineData(0x63)]
    [InlineData(0xC3)]
    public void Loads_and_stores_get_the_offset(int code) =>
        Assert.Equal(new((byte)code, 3, 2, 8, 77), Relocate(new Instruction((byte)code, 3, 2, 4, 77)));

    [Fact]
    public void A_wide_load_gets_the_number_in_both_halves()
    {
        Instruction[] program = [new(Codes.LoadWide, 3, immediate: 4), default];
        Relocate(program);
        Assert.Equal([new(Codes.LoadWide, 3, immediate: 8), default], program);
    }

    [Theory]
    [InlineData(0xB7, 0, 5)]
    [InlineData(0x61, 5, 0)]
    public void What_clang_cannot_have_written_is_an_error(int code, int offset, int immediate)
    {
        var error = Assert.Throws<CoReException>(() => Relocate(new Instruction((byte)code, 3, 0, (short)offset, immediate)));
        Assert.Equal("program test, instruction 0, the offset of s.b: the instruction has 5 where 4 is expected, and would get 8", error.Message);
    }

    [Fact]
    public void A_wide_load_of_another_number_is_an_error() => Assert.Throws<CoReException>(
        () => Relocate(new(Codes.LoadWide, immediate: 4), new(0, immediate: 1)));

    [Theory]
    [InlineData(0x0F)]
    [InlineData(0x05)]
    [InlineData(0x06)]
    [InlineData(0x85)]
    [InlineData(0x20)]
    public void Other_instructions_are_an_error(int code) =>
        Assert.Throws<CoReException>(() => Relocate(new Instruction((byte)code, immediate: 4)));

    [Fact]
    public void A_wide_load_that_is_damaged_or_stands_for_a_map_is_an_error()
    {
        Assert.Throws<CoReException>(() => Relocate(new(Codes.LoadWide, 0, Pseudo.MapDescriptor, 0, 4), default));
        Assert.Throws<CoReException>(() => Relocate(new(Codes.LoadWide, immediate: 4), new(1)));
        Assert.Throws<CoReException>(() => Relocate(new(Codes.LoadWide, immediate: 4), new(0, 1)));
        Assert.Throws<CoReException>(() => Relocate(new(Codes.LoadWide, immediate: 4), new(0, 0, 0, 1)));
        Assert.Throws<CoReException>(() => Relocate(new(Codes.LoadWide, 0, 0, 1, 4), default));
        Assert.Contains("second half", Assert.Throws<CoReException>(() => Relocate(new Instruction(Codes.LoadWide, immediate: 4))).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void An_instruction_outside_of_the_program_is_an_error(int at) => Assert.Throws<CoReException>(() =>
        new CoReRelocator(Local, [Kernel]).Apply([new(HandMade.Move, immediate: 4)], new(at, Id, "0:1", CoReKind.FieldByteOffset), "test"));

    [Theory]
    [InlineData(0xB7)]
    [InlineData(0x61)]
    [InlineData(0x0F)]
    public void What_the_kernel_lacks_becomes_a_call_of_a_helper_that_none_has(int code) => Assert.Equal(
        new(0x85, immediate: 195896080),
        HandMade.Relocate(Local, Kernel, new(0, Id, "0:0", CoReKind.FieldByteOffset), new Instruction((byte)code, 3, 2, 1, 1)));

    [Fact]
    public void A_load_of_a_size_that_the_field_does_not_have_cannot_be_resized()
    {
        var kernel = new BtfBytes();
        kernel.Struct("s", 8, ("b", kernel.Int("unsigned long", 8), 0));
        Assert.Equal(0x79, HandMade.Relocate(Local, kernel.Parse(), new(0, Id, "0:1", CoReKind.FieldByteOffset), new Instruction(0x61, 0, 0, 4)).Code);
        var error = Assert.Throws<CoReException>(
            () => HandMade.Relocate(Local, kernel.Parse(), new(0, Id, "0:1", CoReKind.FieldByteOffset), new Instruction(0x69, 0, 0, 4)));
        Assert.Contains("does not load or store the 4 bytes", error.Message);
    }

    [Fact]
    public void A_field_of_a_size_that_no_load_takes_is_an_error()
    {
        var kernel = new BtfBytes();
        kernel.Struct("s", 16, ("b", kernel.Int("__int128 unsigned", 16), 0));
        var error = Assert.Throws<CoReException>(
            () => HandMade.Relocate(Local, kernel.Parse(), new(0, Id, "0:1", CoReKind.FieldByteOffset), new Instruction(0x61, 0, 0, 4)));
        Assert.Contains("has 16 bytes, which no load or store takes", error.Message);
    }

    private static uint Id => Local.Find("s", BtfKind.Struct).Single();

    private static Instruction Relocate(params Instruction[] program) =>
        HandMade.Relocate(Local, Kernel, new(0, Id, "0:1", CoReKind.FieldByteOffset), program);

    private static BtfSpec Types(params (string Name, uint Bits)[] members)
    {
        var types = new BtfBytes();
        var number = types.Int("unsigned int", 4);
        types.Struct("s", 16, [.. members.Select(m => (m.Name, number, m.Bits))]);
        return types.Parse();
    }
}
