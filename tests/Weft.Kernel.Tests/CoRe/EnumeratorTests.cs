namespace Weft.Kernel.Tests.CoRe;

public sealed class EnumeratorTests
{
    private static readonly (string Local, string Kernel, long Value)[] Values =
    [
        ("enum $ { A, B = 5 }", "enum $ { X, Y, B }", 2L),
        ("enum $ { A, B = 5 }", "enum $ { B = -7 }", -7L),
        ("enum $ { A = -1, B = -5 }", "enum $ { B = 3 }", 3L),
        ("enum $ { A, B = 0xfffffff0 }", "enum $ { B = 0xffffffff }", 0xffffffffL),
        ("enum $ { A, B = 0xfffffff0 }", "enum $ { B = 1ULL << 40 }", 1L << 40),
        ("enum $ { A, B = 1ULL << 40 }", "enum $ { B = 3 }", 3L),
        ("enum $ { A = 1LL << 40, B = -5 }", "enum $ { A = -(1LL << 50), B = -(1LL << 51) }", -(1L << 51)),
        ("enum $___mine { A, B___mine = 5 }", "enum $ { B = 6 }", 6L),
        ("enum $ { A, B = 5 }", "enum $ { B___2 = 6 }", 6L),
    ];

    [Fact]
    public void An_enumerator_has_the_kernels_value() =>
        CoReRows.Hold(Values, local => Body(local, "ENUM_VALUE"), kernel => kernel, result => result.Number);

    [Fact]
    public void An_enumerator_that_the_kernel_has_exists() => CoReRows.Hold(
        [.. Values.Select(v => (v.Local, v.Kernel, 1L))], local => Body(local, "ENUM_EXISTS"), kernel => kernel, result => result.Number);

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

    private static string Body(string type, string what) =>
        $"{type}; return {what}({type.Split('{')[0]}, {(type.Contains("B___mine", StringComparison.Ordinal) ? "B___mine" : "B")});";
}
