namespace Weft.Kernel.Tests.CoRe;

public sealed class EnumeratorTests
{
    [Theory]
    [InlineData("enum e { A, B = 5 }", "enum e { X, Y, B }", 2L)]
    [InlineData("enum e { A, B = 5 }", "enum e { B = -7 }", -7L)]
    [InlineData("enum e { A = -1, B = -5 }", "enum e { B = 3 }", 3L)]
    [InlineData("enum e { A, B = 0xfffffff0 }", "enum e { B = 0xffffffff }", 0xffffffffL)]
    [InlineData("enum e { A, B = 0xfffffff0 }", "enum e { B = 1ULL << 40 }", 1L << 40)]
    [InlineData("enum e { A, B = 1ULL << 40 }", "enum e { B = 3 }", 3L)]
    [InlineData("enum e { A = 1LL << 40, B = -5 }", "enum e { A = -(1LL << 50), B = -(1LL << 51) }", -(1L << 51))]
    [InlineData("enum e___mine { A, B___mine = 5 }", "enum e { B = 6 }", 6L)]
    [InlineData("enum e { A, B = 5 }", "enum e { B___2 = 6 }", 6L)]
    public void An_enumerator_has_the_kernels_value(string local, string kernel, long expected)
    {
        var type = local.Split('{')[0];
        var name = local.Contains("B___mine", StringComparison.Ordinal) ? "B___mine" : "B";
        string Program(string body) => $"{local}; PROGRAM(test, void) {{ return {body}; }}";
        Assert.Equal(expected, Relocated.Of(Program($"ENUM_VALUE({type}, {name})"), kernel + " v;").Number);
        Assert.Equal(1, Relocated.Of(Program($"ENUM_EXISTS({type}, {name})"), kernel + " v;").Number);
    }

    [Theory]
    [InlineData("enum e { A } v;")]
    [InlineData("enum f { B } v;")]
    [InlineData("struct e { int B; } v;")]
    public void An_enumerator_that_the_kernel_lacks_does_not_exist_and_its_value_is_poison(string kernel)
    {
        Assert.Equal(0, Relocated.Of("enum e { A, B }; PROGRAM(test, void) { return ENUM_EXISTS(enum e, B); }", kernel).Number);
        var value = Relocated.Of("enum e { A, B }; PROGRAM(test, void) { return ENUM_VALUE(enum e, B); }", kernel);
        Assert.True(value.IsPoison);
        Assert.Equal(value.Instruction, value.Program[value.At + 1]);
        Assert.Equal(value.Before.Length, value.Program.Length);
    }

    [Fact]
    public void Enumerators_of_a_typedef_are_found_by_its_name() => Assert.Equal(4, Relocated.Of(
        "typedef enum { A, B } t; PROGRAM(test, void) { return ENUM_VALUE(t, B); }", "typedef enum { X, B = 4 } t; t v;").Number);
}
