using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling.Features;

public sealed class FlowFeatureTests
{
    [Fact]
    public void Loops_break_continue_and_jump() => Twins.Agree(
        """
        public static int While(int a) { var n = 0; a &= 255; while (a > 0) { if (a % 7 == 3) { a -= 2; continue; } if (n > 100) break; n += a & 5; a--; } return n; }
        public static int Do(int a) { var n = 0; do { n++; a >>>= 1; } while (a != 0); return n; }
        public static int Nested(int a, int b) { var n = 0; for (var i = 0; i < (a & 15); i++) for (var j = i; j < (b & 15); j++) { if ((i ^ j) == 5) break; if (j == 9) continue; n += i * j; } return n; }
        public static int Goto(int a) { var n = 0; again: n += a & 3; if (n < 40 && (a & 3) != 0) { if (n == 17) goto done; goto again; } for (var i = 0; i < 9; i++) { for (var j = 0; j < 9; j++) { if (i * j == (a & 63)) goto done; n++; } } done: return n; }
        public static int Never(int a) { for (; ; ) { if (a++ % 16 == 0) return a; } }
        public static int Early(int a) { if (a < 3) return 1; if (a < 10) { if (a == 5) return 2; a++; } else if (a > 100) return 3; return a; }
        public static int Conditions(int a, int b) => a > 3 && b < 7 || a == b && (a & 1) == 0 ? a > b ? 1 : 2 : b > 100 || a > 50 ? 3 : 4;
        public static int Mixed(int a, int b) { var n = 0; while (true) { switch (n & 3) { case 0: n += a & 7; break; case 1: n += 2; continue; case 2: if (b > 3) goto default; n++; break; default: n += 5; break; } if (n > 50) return n; n++; } }
        """);

    [Fact]
    public void A_switch_goes_where_its_value_says() => Twins.Agree(
        """
        public static int Dense(int a) { switch (a) { case 0: return 5; case 1: return 7; case 2: case 3: a += 2; break; case 4: return 9; case 5: return -1; default: a = 3; break; } return a; }
        public static int Sparse(int a) => a switch { 10 => 1, 100 => 2, 1000 => 3, int.MaxValue => 4, < 0 => 5, _ => 6 };
        public static int Bytes(byte a) => a switch { (byte)'a' => 1, (byte)'b' => 2, >= (byte)'0' and <= (byte)'9' => 3, _ => 4 };
        public static long Longs(long a) => a switch { 0 => 1, 1 => 2, 2 => 3, 3 => 4, long.MaxValue => 6, _ => a };
        public static int Values(int a, int b) => (a, b) switch { (0, 0) => 1, (0, _) => 2, (_, > 5) when a < 3 => 3, _ => 4 };
        public static int InLoop(int a) { var n = 0; for (var i = 0; i < 20; i++) { switch ((i + a) & 7) { case 0: n++; break; case 1: continue; case 2: n += 2; goto case 4; case 3: n *= 2; break; case 4: n -= 3; break; case 5: return n; } n ^= i; } return n; }
        public static int Unsigned(uint a) => a switch { 0 => 3, 1 => 2, 2 => 1, 3 => 0, 0xffffffff => 7, _ => 9 };
        """);

    [Fact]
    public void Methods_may_call_themselves_and_each_other() => Twins.Agree(
        """
        static int Fib(int n) => n < 2 ? n : Fib(n - 1) + Fib(n - 2);
        static bool Even(int n) => n == 0 || Odd(n - 1);
        static bool Odd(int n) => n != 0 && Even(n - 1);
        static int Ackermann(int m, int n) => m == 0 ? n + 1 : n == 0 ? Ackermann(m - 1, 1) : Ackermann(m - 1, Ackermann(m, n - 1));
        static long Power(long b, int e) => e == 0 ? 1 : (e & 1) == 1 ? b * Power(b, e - 1) : Power(b * b, e / 2);
        static int Depth(ref int count, int n) { count++; return n <= 0 ? count : Depth(ref count, n - 1) + Depth(ref count, n - 2); }
        public static int F(int a) => Fib(a & 15);
        public static bool E(int a) => Even(a & 63);
        public static int A(int a, int b) => Ackermann(a & 1, b & 7);
        public static long P(long a, int b) => Power(a, b & 31);
        public static int D(int a) { var count = 0; return Depth(ref count, a & 7) + count; }
        """);

    [Fact]
    public void Finally_runs_on_every_way_out_in_order() => Twins.Agree(
        """
        static int s_log;
        static void Note(int n) => s_log = s_log * 10 + n;
        ref struct Scope(int n) { public readonly int N => n; public void Dispose() => Note(n); }
        struct Resource(int n) : IDisposable { public int N = n; public void Dispose() { Note(N); } }
        static int Ways(int a)
        {
            s_log = 0;
            try { if (a == 1) return 1; if (a == 2) { Note(9); return 2; } Note(8); }
            finally { Note(1); if (a > 3) Note(2); }
            return 3;
        }
        static int Nested(int a)
        {
            s_log = 0;
            try
            {
                try { if (a == 0) return 5; if (a == 1) Note(7); }
                finally { Note(1); }
                Note(6);
                try { if (a == 2) return 6; }
                finally { Note(2); }
            }
            finally { Note(3); }
            return 7;
        }
        static int InFinally(int a)
        {
            s_log = 0;
            try { Note(1); if (a == 1) return 1; }
            finally { try { Note(2); if (a == 2) Note(3); } finally { Note(4); } Note(5); }
            return 2;
        }
        static int BeginsFinally(int a)
        {
            s_log = a & 7;
            try { try { Note(1); } finally { Note(2); } }
            finally { try { Note(3); } finally { Note(4); } }
            return s_log;
        }
        public static int Straight(int a) => BeginsFinally(a) + s_log;
        static int InLoop(int a)
        {
            s_log = 0;
            var n = 0;
            for (var i = 0; i < 5; i++)
            {
                try { if (i == a) break; if (i == 2) continue; n += i; try { if (i + a == 5) return n; } finally { Note(2); } }
                finally { Note(1); }
            }
            return n + 100;
        }
        static int Using(int a)
        {
            s_log = 0;
            using var outer = new Scope(1);
            for (var i = 0; i < 3; i++) { using var inner = new Scope(2 + i); if (inner.N + outer.N == a) return i; }
            using (var r = new Resource(7)) { if (a == 9) return r.N; }
            return 50;
        }
        public static int A(int a) => Ways(a & 7) * 100000 + s_log;
        public static int B(int a) => Nested(a & 3) * 10000000 + s_log;
        public static int C(int a) => InFinally(a & 3) * 10000000 + s_log;
        public static long D(int a) => InLoop(a & 7) * 10000000000L + s_log;
        public static int E(int a) => Using(a & 15) * 1000000 + s_log;
        """);

    [Fact]
    public void Small_methods_in_loops_begin_with_zeros_each_time() => Twins.Agree(
        """
        struct Acc { public int Sum; public void Add(int n) => Sum += n; public readonly Acc Plus(int n) { var copy = this; copy.Add(n); return copy; } }
        static int Fresh(int n) { Acc acc = default; acc.Add(n); return acc.Sum; }
        static int Half(int n) { Acc acc; acc.Sum = n; acc.Sum /= 2; return acc.Sum; }
        static int Take(out int x, int n) { x = n; return x + 1; }
        static int Pick(int a, int b) => a > b ? a : b;
        public static int Loop(int a) { var n = 0; for (var i = 0; i < 6; i++) { n += Fresh(i + a); n ^= Half(n); n += Take(out var x, i) * x; } return n; }
        public static int Chained(int a) => new Acc { Sum = a }.Plus(1).Plus(2).Plus(a).Sum;
        public static int Many(int a) { var n = 0; for (var i = 0; i < 4; i++) { var acc = new Acc(); acc.Add(i); acc.Add(a); n = Pick(n, acc.Sum) + Pick(i, n); } return n; }
        static int Twice(int x) { x += x; return x; }
        public static int Arguments(int a) { var n = Twice(a) + a + Twice(Twice(a)); return n; }
        static void Both(ref int x, int y) { x++; x += y; }
        public static int Order(int a) { var x = a; Both(ref x, x); Both(ref x, x++); return x; }
        """);
}
