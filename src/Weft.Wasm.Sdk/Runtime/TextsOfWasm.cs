#pragma warning disable CA1707 // The names are those that the C# compiler gives operators.
namespace Weft.Wasm.Sdk.Runtime;

/// <summary>What can be asked of literals.</summary>
[Substitutes("System.String")]
internal static class TextsOfWasm
{
    public static bool op_Equality(string? a, string? b) =>
        a is null == b is null && Literals.Utf8(a!).SequenceEqual(Literals.Utf8(b!));

    public static bool op_Inequality(string? a, string? b) => !op_Equality(a, b);

    public static bool Equals(string? a, string? b) => op_Equality(a, b);

    public static bool IsNullOrEmpty(string? text) => Literals.Utf8(text!).IsEmpty;
}

/// <summary>What is asked of floats.</summary>
[Substitutes("System.Double")]
internal static class DoublesOfWasm
{
    public static bool IsNaN(double value) => !(value >= 0 || value < 0);

    public static bool IsInfinity(double value) => (BitConverter.DoubleToInt64Bits(value) & long.MaxValue) == 0x7ffL << 52;

    public static bool IsFinite(double value) => (BitConverter.DoubleToInt64Bits(value) & long.MaxValue) < 0x7ffL << 52;
}

/// <summary>What is asked of floats.</summary>
[Substitutes("System.Single")]
internal static class SinglesOfWasm
{
    public static bool IsNaN(float value) => !(value >= 0 || value < 0);

    public static bool IsInfinity(float value) => (BitConverter.SingleToInt32Bits(value) & int.MaxValue) == 0xff << 23;

    public static bool IsFinite(float value) => (BitConverter.SingleToInt32Bits(value) & int.MaxValue) < 0xff << 23;
}
