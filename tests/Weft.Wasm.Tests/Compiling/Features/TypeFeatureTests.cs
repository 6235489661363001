using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling.Features;

public sealed class TypeFeatureTests
{
    [Fact]
    public void Generic_structs_and_methods_are_compiled_for_each_type() => Twins.Agree(
        """
        struct Box<T> { public T Value; public int Uses; public T Get() { Uses++; return Value; } public void Set(T value) => Value = value; }
        struct Pair<TA, TB>(TA a, TB b) { public TA A = a; public TB B = b; public Pair<TB, TA> Turned() => new(B, A); }
        static T Choose<T>(bool first, T a, T b) => first ? a : b;
        static TB Second<TA, TB>(TA a, TB b) => b;
        static int Count<T>(T[] items) => items.Length;
        public static long Boxes(int a, long b) { var x = new Box<int> { Value = a }; var y = new Box<Box<long>>(); y.Value.Set(b); x.Set(x.Get() + 1); y.Value.Value += y.Get().Value; return x.Get() + x.Uses + y.Value.Get() + y.Uses + y.Value.Uses; }
        public static double Pairs(int a, double b) => new Pair<int, double>(a, b).Turned().A + new Pair<byte, short>((byte)a, (short)a).Turned().B;
        public static long Methods(bool c, int a, long b) => Choose(c, a, 5) + Choose(c, b, a) + Second(a, b) + Count(new[] { a, a });
        public static float Floats(bool c, float a, float b) => Choose(c, a, b);
        """);

    [Fact]
    public void Members_of_interfaces_are_found_in_structs() => Twins.Agree(
        """
        interface IShape { int Area(); int Twice() => 2; static abstract int Sides { get; } }
        interface IScale<TSelf> where TSelf : struct, IScale<TSelf> { static abstract TSelf operator *(TSelf a, int b); int Value(); int Value(int extra); long Wide(long x); }
        struct Square(int side) : IShape, IScale<Square>
        {
            public int Side = side;
            public int Area() => Side * Side;
            public static int Sides => 4;
            public static Square operator *(Square a, int b) => new(a.Side * b);
            int IScale<Square>.Value() => Side;
            int IScale<Square>.Value(int extra) => Side + extra;
            long IScale<Square>.Wide(long x) => x * 3;
        }
        struct Line(int n) : IShape { public int Length = n; public int Calls; public int Area() { Calls++; return 0; } public int Twice() => Length * 2; public static int Sides => 1; }
        struct Odd : IScale<Odd>
        {
            public int N;
            public int Value() => 1000;
            int IScale<Odd>.Value() => N;
            int IScale<Odd>.Value(int extra) => N - extra;
            public long Wide(long x) => x;
            public static Odd operator *(Odd a, int b) => new() { N = a.N + b };
        }
        static int Measure<T>(ref T shape) where T : struct, IShape => shape.Area() * 100 + shape.Twice() * 10 + T.Sides;
        static long Scaled<T>(T value, int n) where T : struct, IScale<T> => (value * n).Value() + value.Value(7) + value.Wide(1L << 33);
        public static int Shapes(int a) { var s = new Square(a); var l = new Line(a); Measure(ref l); return Measure(ref s) + Measure(ref l) + l.Calls; }
        public static long Scales(int a) => Scaled(new Square(a), 3) + Scaled(new Odd { N = a }, 4);
        """);

    [Fact]
    public void Comparers_of_the_framework_are_found_by_their_parameters() => Twins.Agree(
        """
        struct Id(int n) : IEquatable<Id>, IComparable<Id>
        {
            public int N = n;
            public override bool Equals(object? other) => false;
            public bool Equals(Id other) => N / 2 == other.N / 2;
            public override int GetHashCode() => N;
            public int CompareTo(Id other) => N < other.N ? -1 : N > other.N ? 1 : 0;
        }
        static bool Same<T>(T a, T b) where T : IEquatable<T> => a.Equals(b);
        static T Most<T>(T a, T b) where T : IComparable<T> => a.CompareTo(b) > 0 ? a : b;
        public static bool Equal(int a, int b) => Same(new Id(a), new Id(b));
        public static int Max(int a, int b) => Most(new Id(a), new Id(b)).N;
        """);

    [Fact]
    public void Lambdas_and_method_groups_are_called_through_the_table() => Twins.Agree(
        """
        delegate long Wide(int a, long b);
        static int Apply(Func<int, int> f, int a) => f(f(a));
        static long Call(Wide f, int a) => f(a, 3);
        static int Double(int a) => a * 2;
        static void Each(int n, Action<int> f) { for (var i = 0; i < n; i++) f(i); }
        static int s_sum;
        static int Sort(Span<int> items, Comparison<int> order) { for (var i = 1; i < items.Length; i++) for (var j = i; j > 0 && order(items[j - 1], items[j]) > 0; j--) (items[j - 1], items[j]) = (items[j], items[j - 1]); return items[0]; }
        public static int Lambda(int a) => Apply(static x => x * 3 + 1, a);
        public static int Group(int a) => Apply(Double, a);
        public static long Own(int a) => Call(static (x, y) => x * y + 1, a);
        public static int Actions(int a) { s_sum = 0; Each(a & 7, static i => s_sum += i * i); return s_sum; }
        public static int Chosen(int a) { Func<int, int> f = a > 3 ? Double : static x => -x; return f(a); }
        public static int Sorted(int a, int b, int c) => Sort([a, b, c], static (x, y) => x < y ? -1 : x > y ? 1 : 0);
        public static int Null(int a) { Func<int, int>? f = a > 3 ? Double : null; return f!(a); }
        public static bool Test(int a) { Predicate<int> p = static x => x % 3 == 0; return p(a); }
        """);

    [Fact]
    public void Collection_expressions_become_spans() => Twins.Agree(
        """
        static int Sum(ReadOnlySpan<int> s) { var n = 0; foreach (var x in s) n = n * 3 + x; return n; }
        static long Wide(Span<long> s) { s[0]++; return s[0] + s[^1]; }
        public static int Constants() => Sum([1, 2, 3]);
        public static int Variables(int a, int b) => Sum([a, b, a + b]);
        public static int One(int a) => Sum([a]);
        public static int None() => Sum([]);
        public static long Longs(long a) => Wide([a, 2, 3, a * 2]);
        public static int InLoop(int a) { var n = 0; for (var i = 0; i < 3; i++) n += Sum([i, a]); return n; }
        public static int Local(int a) { Span<byte> s = [1, 2, (byte)a]; s[1] = 9; return s[0] + s[1] + s[2]; }
        public static int Many(int a) { ReadOnlySpan<int> s = [a, 1, 2, 3, 4, 5, 6, 7, 8, 9, a, 11]; return Sum(s); }
        """);

    [Fact]
    public void Literals_pass_through_variables_and_choices() => Twins.Agree(
        """
        static int Size(string? text) => text == null ? -1 : text == "" ? 0 : text == "yes" ? 3 : text == "grüße" ? 7 : 9;
        public static int Choice(int a) => Size(a > 5 ? "yes" : "no");
        public static int OrNull(int a) => Size(a > 5 ? null : "yes");
        public static int NullFirst(int a) => Size(a > 5 ? "yes" : null);
        public static int Local(int a) { var text = "no"; if (a > 3) text = "yes"; if (a > 100) text = ""; return Size(text); }
        public static int Switch(int a) => Size(a switch { 0 => "yes", 1 => "grüße", 2 => "", _ => null });
        public static bool Equal(int a) { var t = a > 2 ? "a" : "b"; return t == "a" && t != "b" && !(t == null); }
        public static int Or(int a) { string? t = a > 2 ? "yes" : null; return Size(t ?? "grüße"); }
        """);
}
