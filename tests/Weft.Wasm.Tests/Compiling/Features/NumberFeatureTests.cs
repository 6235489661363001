using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling.Features;

public sealed class NumberFeatureTests
{
    [Fact]
    public void Integers_of_all_widths_wrap_around() => Twins.Agree(
        """
        public static sbyte I1(sbyte a, sbyte b) => (sbyte)((a + b) * a - b);
        public static byte U1(byte a, byte b) => (byte)((a + b) * a - b);
        public static short I2(short a, short b) => (short)((a + b) * a - b);
        public static ushort U2(ushort a, ushort b) => (ushort)((a + b) * a - b);
        public static char C(char a, char b) => (char)((a + b) * a - b);
        public static int I4(int a, int b) => (a + b) * a - b;
        public static uint U4(uint a, uint b) => (a + b) * a - b;
        public static long I8(long a, long b) => (a + b) * a - b;
        public static ulong U8(ulong a, ulong b) => (a + b) * a - b;
        public static int Bits(int a, int b) => (a & b) ^ (a | ~b) ^ -a;
        public static long Bits8(long a, long b) => (a & b) ^ (a | ~b) ^ -a;
        public static byte Step(byte a) { a++; a += 3; --a; return a; }
        public static sbyte Negated(sbyte a) => (sbyte)-a;
        """);

    [Fact]
    public void Shifts_mask_their_count() => Twins.Agree(
        """
        public static int Shl(int a, int b) => a << b;
        public static int Shr(int a, int b) => a >> b;
        public static int ShrU(int a, int b) => a >>> b;
        public static uint ShrUnsigned(uint a, int b) => a >> b;
        public static long Shl8(long a, int b) => a << b;
        public static long Shr8(long a, int b) => a >> b;
        public static ulong ShrU8(ulong a, int b) => a >> b;
        public static int OfByte(byte a, int b) => a << b >> 2;
        public static int OfSByte(sbyte a, int b) => (a >> b) + (a >>> b) + (a << 25);
        public static short OfShort(short a, int b) => (short)(a << b);
        """);

    [Fact]
    public void Conversions_between_integers_cut_or_extend() => Twins.Agree(
        """
        public static sbyte A(int a) => (sbyte)a;
        public static byte B(long a) => (byte)a;
        public static short C(ulong a) => (short)a;
        public static ushort D(int a) => (ushort)a;
        public static int E(long a) => (int)a;
        public static uint F(sbyte a) => (uint)a;
        public static long G(int a) => a;
        public static long H(uint a) => a;
        public static ulong I(int a) => (ulong)a;
        public static ulong J(short a) => (ulong)a;
        public static ulong K(byte a) => a;
        public static char L(long a) => (char)a;
        public static int M(char a) => a + 1;
        public static long N(sbyte a) => a;
        """);

    [Fact]
    public void Floats_become_integers_by_saturation_and_what_is_no_number_becomes_0() => Twins.Agree(
        """
        public static int A(float a) => (int)a;
        public static uint B(float a) => (uint)a;
        public static long C(float a) => (long)a;
        public static ulong D(float a) => (ulong)a;
        public static int E(double a) => (int)a;
        public static uint F(double a) => (uint)a;
        public static long G(double a) => (long)a;
        public static ulong H(double a) => (ulong)a;
        public static byte I(double a) => (byte)a;
        public static sbyte J(double a) => (sbyte)a;
        public static short K(float a) => (short)a;
        public static ushort L(float a) => (ushort)a;
        public static char M(double a) => (char)a;
        """);

    [Fact]
    public void Integers_become_the_nearest_floats() => Twins.Agree(
        """
        public static float A(int a) => a;
        public static float B(uint a) => a;
        public static float C(long a) => a;
        public static float D(ulong a) => a;
        public static double E(int a) => a;
        public static double F(uint a) => a;
        public static double G(long a) => a;
        public static double H(ulong a) => a;
        public static float I(double a) => (float)a;
        public static double J(float a) => a;
        public static float K(byte a) => a;
        public static double L(sbyte a) => a;
        public static float M(ulong a, ulong b) => (float)(a ^ (b << 33) ^ (b >> 3));
        public static float N(long a, long b) => (float)(a ^ (b << 33) ^ (b >> 3));
        public static float O(char a) => a;
        """);

    [Fact]
    public void Floats_are_computed_in_their_own_precision() => Twins.Agree(
        """
        public static float A(float a, float b) => a * b + a / b - b;
        public static double B(double a, double b) => a * b + a / b - b;
        public static float C(float a, float b) => a % b;
        public static double D(double a, double b) => a % b;
        public static double E(float a, double b) => a * b;
        public static double F(float a, float b) => (double)a * b;
        public static float G(float a) { a += 0.1f; a *= 3; return -a; }
        public static double H(double a) => Math.Sqrt(a) + Math.Floor(a) - Math.Ceiling(a) + Math.Truncate(a) + Math.Round(a) + Math.Abs(a);
        public static float I(float a) => MathF.Sqrt(a) + MathF.Floor(a) - MathF.Ceiling(a) + MathF.Truncate(a) + MathF.Round(a) + MathF.Abs(a);
        public static double J(double a, float b) => a % b;
        public static bool K(float a) => float.IsNaN(a);
        public static long L(double a) => a != a ? 1 : BitConverter.DoubleToInt64Bits(a);
        public static int M(float a) => a != a ? 1 : BitConverter.SingleToInt32Bits(a);
        public static double N(long a) => BitConverter.Int64BitsToDouble(a & 0x7fe0000000000000);
        public static float O(int a) => BitConverter.Int32BitsToSingle(a & 0x7f000000);
        """);

    [Fact]
    public void Comparisons_hold_or_not_also_where_one_side_is_no_number() => Twins.Agree(
        """
        public static int All(int a, int b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a == b ? 16 : 0) | (a != b ? 32 : 0);
        public static int AllU(uint a, uint b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a == b ? 16 : 0) | (a != b ? 32 : 0);
        public static int All8(long a, long b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a == b ? 16 : 0) | (a != b ? 32 : 0);
        public static int AllU8(ulong a, ulong b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a == b ? 16 : 0) | (a != b ? 32 : 0);
        public static int AllF(float a, float b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a == b ? 16 : 0) | (a != b ? 32 : 0);
        public static int AllD(double a, double b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a == b ? 16 : 0) | (a != b ? 32 : 0);
        public static int Mixed(float a, double b) => (a < b ? 1 : 0) | (a <= b ? 2 : 0) | (a > b ? 4 : 0) | (a >= b ? 8 : 0) | (a == b ? 16 : 0) | (a != b ? 32 : 0);
        public static bool Less(double a, double b) => a < b;
        public static bool NotLess(double a, double b) => !(a < b);
        public static bool NotMore(float a, float b) => !(a > b);
        public static bool AtMost(float a, float b) => a <= b;
        public static bool Equal(long a, long b) => a == b;
        public static bool Bytes(sbyte a, byte b) => a == b;
        public static int Jumps(double a, double b) { var n = 0; if (a < b) n++; if (!(a <= b)) n += 2; if (a > b) n += 4; if (!(a >= b)) n += 8; if (a == b) n += 16; if (!(a != b)) n += 32; return n; }
        public static int JumpsF(float a, float b) { var n = 0; if (a < b) n++; if (!(a <= b)) n += 2; if (a > b) n += 4; if (!(a >= b)) n += 8; if (a == b) n += 16; if (!(a != b)) n += 32; return n; }
        public static int JumpsU(uint a, uint b) { var n = 0; if (a < b) n++; if (!(a <= b)) n += 2; if (a > b) n += 4; if (!(a >= b)) n += 8; if (a == b) n += 16; if (!(a != b)) n += 32; return n; }
        public static bool Logic(bool a, bool b, int c) => (a && b) || (!a & b) ^ c > 3 || a != b;
        public static int Truth(long a) { if (a != 0) return 1; return 2; }
        """);

    [Fact]
    public void Division_by_zero_and_the_smallest_number_by_minus_1_are_faults() => Twins.Agree(
        """
        public static int Div(int a, int b) => a / b;
        public static int Rem(int a, int b) => a % b;
        public static uint DivU(uint a, uint b) => a / b;
        public static uint RemU(uint a, uint b) => a % b;
        public static long Div8(long a, long b) => a / b;
        public static long Rem8(long a, long b) => a % b;
        public static ulong DivU8(ulong a, ulong b) => a / b;
        public static ulong RemU8(ulong a, ulong b) => a % b;
        public static int Bytes(byte a, sbyte b) => a / b + a % b;
        public static int ByConstant(int a) => a / 7 + a % -3 + a / -1 + a % 10;
        public static long ByConstant8(long a) => a / 7 + a % -3 + a / -1 + a % 10;
        public static uint UnsignedByConstant(uint a) => a / 7 + a % 3 + a / 0xffffffff;
        public static long Small(short a, long b) => a / (b == 0 ? 1 : b);
        """);

    [Fact]
    public void What_the_framework_computes_is_computed_alike() => Twins.Agree(
        """
        public static int A(int a, int b) => Math.Min(a, b) ^ Math.Max(a, b);
        public static long B(long a, long b) => Math.Min(a, b) ^ Math.Max(a, b);
        public static uint C(uint a, uint b) => Math.Min(a, b) - Math.Max(a, b);
        public static ulong D(ulong a, ulong b) => Math.Min(a, b) - Math.Max(a, b);
        public static int E(int a) => a == int.MinValue ? 0 : Math.Abs(a);
        public static int F(int a) => Math.Sign(a);
        public static int G(int a, int b, int c) => Math.Clamp(a, b, c);
        public static int H(uint a) => System.Numerics.BitOperations.LeadingZeroCount(a) * 33 + System.Numerics.BitOperations.TrailingZeroCount(a);
        public static int I(ulong a) => System.Numerics.BitOperations.LeadingZeroCount(a) * 65 + System.Numerics.BitOperations.TrailingZeroCount(a);
        public static int J(ulong a) => System.Numerics.BitOperations.PopCount(a) + System.Numerics.BitOperations.PopCount((uint)a);
        public static uint K(uint a, int b) => System.Numerics.BitOperations.RotateLeft(a, b) ^ System.Numerics.BitOperations.RotateRight(a, b / 2);
        public static ulong L(ulong a, int b) => System.Numerics.BitOperations.RotateLeft(a, b) ^ System.Numerics.BitOperations.RotateRight(a, b / 2);
        public static int M(uint a, ulong b) => System.Numerics.BitOperations.Log2(a) + System.Numerics.BitOperations.Log2(b);
        public static bool N(int a, uint b) => System.Numerics.BitOperations.IsPow2(a) ^ System.Numerics.BitOperations.IsPow2(b);
        public static long O(long a) => Math.Abs(a);
        """);

    [Fact]
    public void A_choice_between_small_and_large_numbers_cuts_nothing() => Twins.Agree(
        """
        public static int A(bool c, byte a, int b) => c ? a : b;
        public static int B(bool c, sbyte a, int b) => c ? b : a;
        public static int C(int a, short b, ushort c) => a > 3 ? b : a < -3 ? c : a;
        public static int D(bool a, bool b, int c) => (a ? (b ? 1 : 0) : c) + 1;
        public static long E(bool c, byte a, long b) => c ? a : b;
        public static int F(byte x, bool c, int b) { var array = new[] { x }; return (c ? array[0] : b) * 3; }
        """);
}
