namespace Weft.Wasm.Sdk.Runtime;

/// <summary>The framework's mathematics that wasm has no instruction for.</summary>
[Substitutes("System.Math")]
internal static class MathOfWasm
{
    public static int Min(int a, int b) => a < b ? a : b;

    public static int Max(int a, int b) => a > b ? a : b;

    public static uint Min(uint a, uint b) => a < b ? a : b;

    public static uint Max(uint a, uint b) => a > b ? a : b;

    public static long Min(long a, long b) => a < b ? a : b;

    public static long Max(long a, long b) => a > b ? a : b;

    public static ulong Min(ulong a, ulong b) => a < b ? a : b;

    public static ulong Max(ulong a, ulong b) => a > b ? a : b;

    public static int Abs(int value) => value >= 0 ? value : value != int.MinValue ? -value : throw new OverflowException();

    public static long Abs(long value) => value >= 0 ? value : value != long.MinValue ? -value : throw new OverflowException();

    public static int Clamp(int value, int min, int max) =>
        min > max ? throw new ArgumentException(null) : value < min ? min : value > max ? max : value;

    public static int Sign(int value) => value >> 31 | (int)((uint)-value >> 31);
}

/// <summary>The framework's mathematics that wasm has no instruction for.</summary>
[Substitutes("System.Numerics.BitOperations")]
internal static class BitOperationsOfWasm
{
    public static int Log2(uint value) => 31 ^ System.Numerics.BitOperations.LeadingZeroCount(value | 1);

    public static int Log2(ulong value) => 63 ^ System.Numerics.BitOperations.LeadingZeroCount(value | 1);

    public static bool IsPow2(int value) => (value & (value - 1)) == 0 && value > 0;

    public static bool IsPow2(uint value) => (value & (value - 1)) == 0 && value > 0;
}

/// <summary>The remainder of floats, exact as in the framework.</summary>
internal static class FloatMath
{
    private const long Mantissa = (1L << 52) - 1;
    private const long Sign = 1L << 63;

    public static double Remainder(double dividend, double divisor)
    {
        var (x, y) = (BitConverter.DoubleToInt64Bits(dividend), BitConverter.DoubleToInt64Bits(divisor) & ~Sign);
        var sign = x & Sign;
        x &= ~Sign;
        if (y == 0 || x >= 0x7ffL << 52 || y > 0x7ffL << 52)
        {
            return dividend * divisor / (dividend * divisor);
        }

        if (x < y)
        {
            return dividend;
        }

        var (ex, ey) = (Exponent(ref x), Exponent(ref y));
        Machine.Burn((ex - ey) * 8);
        for (; ex > ey; ex--)
        {
            x = x >= y ? (x - y) << 1 : x << 1;
        }

        x = x >= y ? x - y : x;
        return BitConverter.Int64BitsToDouble(Packed(x, ey) | sign);
    }

    /// <summary>The exponent; what is left is the mantissa with its first bit at 52.</summary>
    private static int Exponent(ref long bits)
    {
        var exponent = (int)(bits >> 52);
        bits &= Mantissa;
        if (exponent > 0)
        {
            bits |= Mantissa + 1;
            return exponent;
        }

        exponent = 1;
        for (; (bits >> 52) == 0; exponent--)
        {
            bits <<= 1;
        }

        return exponent;
    }

    private static long Packed(long bits, int exponent)
    {
        if (bits == 0)
        {
            return 0;
        }

        for (; (bits >> 52) == 0; exponent--)
        {
            bits <<= 1;
        }

        return exponent > 0 ? (bits & Mantissa) | ((long)exponent << 52) : bits >> (1 - exponent);
    }
}
