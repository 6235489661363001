using System.Text;

namespace Weft.Wasm.Tests.Compiling.Differential;

/// <content>What all programs have: structs, a class, generic methods, lambdas, static fields.</content>
internal sealed partial class ProgramWriter
{
    private const string Fixed =
        """
        public struct S0(int a, byte b)
        {
            public int A = a; public byte B = b; public short C; public float F;
            public readonly int Twice => A * 2;
            public void Add(int n) { A += n; C++; }
            public readonly int Sum32() => A + B + C;
            public readonly int Plus(ref S0 other, int n) { var before = A; other.A += n; return A - before; }
            public readonly long Sum() => A * 7L + B * 5 + C + Tested.Bits(F);
        }
        public struct S1
        {
            public bool Flag; public S0 In; public long W; public double D;
            public readonly long Sum() => In.Sum() + W * 3 + (Flag ? 1 : 0) + Tested.Bits(D);
        }
        public class Node(int value, Node? next)
        {
            public int Value = value; public Node? Next = next; public long Wide { get; set; } = value * 5L;
            public void Bump() { Value++; Wide ^= Value; }
            public long Sum() => Value + Wide + (Next == null ? 0 : Next.Value * 3L);
        }
        public sealed class More(int value, Node? next) : Node(value, next) { public int Extra = value + 1; public int Both() { Bump(); return Extra * 3 + Value; } }
        public struct Wrap<T> { public T Value; public readonly T Get() => Value; public void Set(T value) => Value = value; }
        public interface IWork { int Do(int x); static abstract int Bonus { get; } }
        public struct AddWork : IWork { public int Calls; public int Do(int x) => x + ++Calls; public static int Bonus => 3; }
        public struct MulWork : IWork { public int Calls; public int Do(int x) { Calls += x; return x * 5 ^ Calls; } public static int Bonus => 8; }
        public ref struct Scope(int n) { private int _n = n; public void Dispose() { if (_n > 3) Tested.Hash(_n); else Tested.Hash(1); } }
        public static unsafe class Tested
        {
            static long s_hash; static S1 s_S1; static AddWork s_add; static MulWork s_mul; static volatile int s_volatile;
            static readonly byte[] s_data = [3, 1, 4, 1, 5]; static readonly long[] s_table = { 1L << 40, -5, 7, 9 };
            public static long Bits(double d) => d != d ? 77 : BitConverter.DoubleToInt64Bits(d);
            public static void Hash(long n) => s_hash = s_hash * 1000003 + n;
            static T Pick<T>(bool first, T a, T b) => first ? a : b;
            static T Same<T>(T a) { var b = a; return b; }
            static void Swap<T>(ref T a, ref T b) { var c = a; a = b; b = c; }
            static int Apply(Func<int, int> f, int x) => f(x) ^ 3;
            static int Chosen(Func<int, byte> f, int x) => f(x) + 1;
            static int Negate(int x) => -x;
            static int Half(int x) { s_volatile = x; return s_volatile / 2; }
            static int Work<T>(ref T work, int x) where T : struct, IWork { s_volatile = work.Do(x); var all = new[] { work, work }; return all[1].Do(x) + T.Bonus; }
            static int Depth(int n, int x) => n <= 0 ? x : Depth(n - 1, x + n) ^ Depth(n - 2, x * 3);
            static int Sum(ReadOnlySpan<int> items) { var n = 0; foreach (var x in items) n = n * 7 + x; return n; }
            static int Max(Span<int> items, int least) { foreach (ref readonly var x in items) { if (x > least) least = x; } return least; }
            static T First<T>(T[] items, T other) where T : struct => items.Length > 0 ? items[0] : other;
            static (int, long) Pair(int a, long b) => (a + 1, b - a);
            static void Spread(int x, out int a, out byte b) { a = x ^ 5; b = (byte)x; }
            static int Read(in S0 s, int n) => s.A + n;
            static long Total(S0 s, int n) { s.Add(n); return s.Sum(); }
            static void Renew(ref Node node, int n) { var next = node; node = new Node(n, next.Next); }
            static string? Word(bool yes) => yes ? "yes" : null;

        """;

    private string Preamble()
    {
        var text = new StringBuilder(Fixed);
        foreach (var type in Types)
        {
            text.Append($"static {type} s_{type};\n");
            if (type is not "bool")
            {
                text.Append($"static void Mix(ref {type} x, {type} y) => x = ({type})(x * 3 {_dice.Of("+", "-")} y);\n");
            }
        }

        text.Append("static void Reset(int a) { s_hash = a; s_S1 = default; s_add = default; s_mul = default;\n");
        foreach (var type in Types)
        {
            text.Append($"s_{type} = {Literal(type)};\n");
        }

        return text.Append("}\n").ToString();
    }
}
