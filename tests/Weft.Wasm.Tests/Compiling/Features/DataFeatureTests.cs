using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling.Features;

public sealed class DataFeatureTests
{
    [Fact]
    public void Structs_are_values_also_within_structs() => Twins.Agree(
        """
        public struct Inner { public byte A; public long B; public short C; }
        public struct Outer { public int X; public Inner In; public Inner Other; public bool Flag; }
        public static long Copies(int a, long b)
        {
            var first = new Outer { X = a, In = new Inner { A = (byte)a, B = b, C = (short)(a + 1) } };
            var second = first;
            second.In.B++;
            second.Other = first.In;
            second.Other.A += 200;
            first.Flag = second.In.B > first.In.B;
            return first.In.B * 3 + second.In.B + second.Other.A + second.Other.C + (first.Flag ? 7 : 0) + (second.Flag ? 1 : 0) + second.X;
        }
        static Outer Made(int a, long b) { Outer o = default; o.X = a; o.In.B = b; o.In.C = (short)b; return o; }
        public static long Returned(int a, long b) => Made(a, b).In.B + Made(a, b).In.C + Made(a, b).X;
        static void Change(Outer o) { o.X = 5; o.In.A = 9; }
        public static int ByValue(int a) { var o = Made(a, 2); Change(o); return o.X + o.In.A; }
        """);

    [Fact]
    public void Readonly_structs_and_methods_see_what_is_there() => Twins.Agree(
        """
        public readonly struct Point(int x, int y)
        {
            public int X { get; } = x;
            public int Y { get; } = y;
            public int Length() => X * X + Y * Y;
            public Point Plus(Point other) => new(X + other.X, Y + other.Y);
            public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);
        }
        public struct Counter
        {
            public int Value;
            public int Next() => ++Value;
            public readonly int Read() => Value;
            public readonly int ReadAfter(ref Counter other) { var before = Value; other.Value = before + 5; return Value - before; }
        }
        public static int Points(int a, int b) => (new Point(a, b).Plus(new Point(b, a)) - new Point(1, 2)).Length();
        public static int Counters(int a) { var c = new Counter { Value = a }; c.Next(); c.Next(); var d = c; d.Next(); return c.Read() * 3 + d.Read(); }
        public static int Aliased(int a) { var c = new Counter { Value = a }; return c.ReadAfter(ref c); }
        static Counter s_counter;
        static int Bump() { s_counter.Value += 10; return 1; }
        public static int AliasedStatic(int a) { s_counter.Value = a; return s_counter.ReadAfter(ref s_counter); }
        static int Sum(in Point p, int n) => p.X + p.Y * n;
        public static int In(int a, int b) { var p = new Point(a, b); return Sum(p, Bump()) + Sum(new Point(b, a), 3); }
        """);

    [Fact]
    public void Readonly_methods_see_their_struct_change_by_another_way() => Twins.Agree(
        """
        struct Inner { public int A; }
        class Box { public Counter Counter; }
        struct Counter
        {
            public int Value;
            public Inner In;
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int After(ref Counter other) { var was = Value; other.Value = was + 5; return Value - was; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterWhole(ref Counter other) { other = default; return Value; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterPart(ref int part) { part = 9; return In.A; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterInner(ref Inner part) { part.A = 8; return In.A; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterBump() { Bump(); return Value; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterBox(Box box) { box.Counter.Value += 3; return Value; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterElement(Counter[] all) { all[1] = default; return Value; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterSpan(Span<Counter> all) { all.Clear(); return Value; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterCopy(Span<Counter> all, Counter[] from) { from.AsSpan().CopyTo(all); return Value; }
        }
        readonly struct Fixed(int value)
        {
            readonly int _value = value;
            [MethodImpl(MethodImplOptions.NoInlining)] public int After(ref Fixed other) { var was = _value; other = new Fixed(was + 5); return _value - was; }
        }
        struct Sly
        {
            public int Value;
            [MethodImpl(MethodImplOptions.NoInlining)] public Sly(int a) { Value = a; s_sly.Value = a + 1; }
            [MethodImpl(MethodImplOptions.NoInlining)] public Sly(Span<Sly> all, int a) { Value = a; all[0].Value = a + 2; }
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterStatic(int a) => Value * 3 + new Sly(a).Value + Value;
            [MethodImpl(MethodImplOptions.NoInlining)] public readonly int AfterSpan(Span<Sly> all, int a) => Value * 3 + new Sly(all, a).Value + Value;
        }
        static Sly s_sly;
        public static int NewStatic(int a) { s_sly.Value = 5; return s_sly.AfterStatic(a); }
        public static int NewSpan(int a) { var all = new Sly[1]; all[0].Value = 5; return all[0].AfterSpan(all, a); }
        static Counter s_counter;
        [MethodImpl(MethodImplOptions.NoInlining)] static void Bump() => s_counter.Value += 10;
        public static int Own(int a) { var c = new Counter { Value = a }; return c.After(ref c); }
        public static int Whole(int a) { var c = new Counter { Value = a }; return c.AfterWhole(ref c); }
        public static int Part(int a) { Counter c = default; c.In.A = a; return c.AfterPart(ref c.In.A); }
        public static int OfInner(int a) { Counter c = default; c.In.A = a; return c.AfterInner(ref c.In); }
        public static int Static(int a) { s_counter.Value = a; return s_counter.AfterBump() + s_counter.After(ref s_counter); }
        public static int Object(int a) { var box = new Box(); box.Counter.Value = a; return box.Counter.AfterBox(box); }
        public static int Element(int a) { var all = new Counter[2]; all[1].Value = a; return all[1].AfterElement(all); }
        public static int Span(int a) { var all = new Counter[2]; all[1].Value = a; return all[1].AfterSpan(all); }
        public static int Copy(int a) { var all = new Counter[2]; all[1].Value = a; return all[1].AfterCopy(all, new Counter[2]); }
        public static int ReadOnly(int a) { var f = new Fixed(a); return f.After(ref f); }
        """);

    [Fact]
    public void References_lead_to_the_variable_itself() => Twins.Agree(
        """
        struct Pair { public int A; public short B; }
        static void Add(ref int a, int b) => a += b;
        static bool Try(int a, out int half) { half = a / 2; return a % 2 == 0; }
        static void Swap<T>(ref T a, ref T b) => (a, b) = (b, a);
        static ref int Larger(ref int a, ref int b) { if (a > b) return ref a; return ref b; }
        static void Set(ref short b, int value) { b = (short)value; }
        public static int Local(int a, int b) { Add(ref a, b); Add(ref a, a); return a; }
        public static int Out(int a) => Try(a, out var half) ? half : -half;
        public static int Swapped(int a, int b) { Swap(ref a, ref b); return a * 31 + b; }
        public static int Field(int a, int b) { Pair p = default; p.A = a; Add(ref p.A, b); Set(ref p.B, b); return p.A + p.B; }
        public static int RefReturn(int a, int b) { Larger(ref a, ref b) = 3; return a * 7 + b; }
        public static int RefLocal(int a, bool c) { var b = 5; ref var r = ref (c ? ref a : ref b); r++; r *= 2; return a * 100 + b; }
        public static int Element(int a) { var array = new int[4]; Add(ref array[2], a); array[2]++; array[1] += array[2]; return array[1] + array[2]; }
        public static long Pointers(long a, int b) { long x = a; long* p = &x; *p += b; int* q = (int*)p; return q[0] ^ (long)q[1] << 3; }
        public static int Bytes(int a) { byte b = (byte)a; byte* p = &b; *p += 100; sbyte* q = (sbyte*)p; return *q + b; }
        """);

    [Fact]
    public void Spans_have_all_their_operations() => Twins.Agree(
        """
        public static int Index(int a, int b) { Span<int> s = stackalloc int[5]; s[1] = a; s[b] = 7; return s[1] + s[4] * 2; }
        public static int Slices(int a, int b) { Span<byte> s = stackalloc byte[10]; for (var i = 0; i < 10; i++) s[i] = (byte)(i * i); var t = s[a..]; var u = t.Slice(0, b); return u.Length * 1000 + (u.IsEmpty ? 1 : u[0]) + t.Length; }
        public static int Ends(int a) { ReadOnlySpan<byte> s = "hello, world"u8; return s[^1] + s[a..^2].Length + s[..a].Length; }
        public static int Fill(int a) { Span<short> s = stackalloc short[6]; s.Fill((short)a); s[1..3].Clear(); var n = 0; foreach (var x in s) n = n * 3 + x; return n; }
        public static int Copy(int a) { Span<int> s = stackalloc int[4]; Span<int> t = new int[5]; s[0] = a; s[3] = 9; s.CopyTo(t[1..]); return t[1] * 5 + t[4] + (s.TryCopyTo(t[3..]) ? 1 : 0); }
        public static int CopyShort(int a) { Span<int> s = stackalloc int[4]; Span<int> t = new int[3]; s.CopyTo(t); return a; }
        public static int Overlap(int a) { Span<byte> s = stackalloc byte[8]; for (var i = 0; i < 8; i++) s[i] = (byte)(i + a); s[..6].CopyTo(s[2..]); var n = 0; foreach (var x in s) n = n * 31 + x; return n; }
        public static int Array(int a) { Span<int> s = stackalloc int[3]; s[2] = a; var array = s.ToArray(); array[0] = 5; return array.Length + array[2] + s[0]; }
        public static int Equal(int a) { ReadOnlySpan<byte> s = "abcabc"u8; Span<byte> t = stackalloc byte[3]; t[0] = (byte)'a'; t[1] = (byte)'b'; t[2] = (byte)a; return (s.StartsWith(t) ? 1 : 0) + (s.EndsWith(t) ? 2 : 0) + (s[3..].SequenceEqual(t) ? 4 : 0) + s.IndexOf((byte)a) * 10 + s.LastIndexOf((byte)a) * 100 + (s.Contains((byte)a) ? 1000 : 0) + s.IndexOf(t) * 10000; }
        public static int Of(int a) { var x = a; var s = new Span<int>(ref x); s[0]++; return x; }
        public static int OfArray(int a, int b, int c) { var array = new int[6]; array[2] = 11; var s = new ReadOnlySpan<int>(array, b, c); var t = array.AsSpan(1, 3); t[1] += a; return s.Length + (s.Length > 0 ? s[0] : 0) + array[2] + array.AsSpan().Length; }
        public static int Empty() => Span<int>.Empty.Length + default(ReadOnlySpan<byte>).Length;
        static int Sum(ReadOnlySpan<int> s) { var n = 0; for (var i = 0; i < s.Length; i++) n += s[i]; return n; }
        public static int Converted(int a) { Span<int> s = stackalloc int[2]; s[1] = a; int[] array = [1, 2, 3]; return Sum(s) + Sum(array) + Sum(null); }
        public static int Longs(int a) { Span<long> s = stackalloc long[3]; s[2] = a; ref var r = ref s[2]; r *= 3; return (int)s[2] + s.IndexOf(a * 3L); }
        """);

    [Fact]
    public void The_stack_gives_memory_of_constant_and_of_told_size() => Twins.Agree(
        """
        public static int Constant(int a) { Span<byte> s = stackalloc byte[16]; s[3] = (byte)a; return s[3] + s[4]; }
        public static int Told(int a) { var n = a & 63; Span<byte> s = stackalloc byte[n]; for (var i = 0; i < n; i++) s[i] = (byte)(i + a); var sum = 0; foreach (var b in s) sum += b; return sum; }
        public static int ToldInts(int a) { var n = a & 31; Span<int> s = stackalloc int[n]; for (var i = 0; i < n; i++) s[i] = i * a; var sum = 0; foreach (var b in s) sum ^= b; return sum; }
        public static int InLoop(int a) { var sum = 0; for (var i = 0; i < 5; i++) { Span<int> s = stackalloc int[4]; sum += s[1]; s[1] = a; sum += s[1]; } return sum; }
        public static int Given(int a) { Span<int> s = stackalloc int[] { 1, 2, a }; ReadOnlySpan<byte> t = stackalloc byte[] { 1, 2, 3, 4, 5 }; return s[0] + s[1] + s[2] + t[4]; }
        public static int Same() { Span<byte> s = stackalloc byte[] { 7, 7, 7, 7, 7, 7, 7, 7 }; var n = 0; foreach (var b in s) n += b; return n; }
        public static int Choice(int a) { Span<byte> s = (uint)a <= 16 ? stackalloc byte[a] : new byte[100]; return s.Length; }
        static int Deep(int n, int a) { Span<int> s = stackalloc int[4]; s[n & 3] = a; return n == 0 ? s[0] : Deep(n - 1, a + s[1]) + s[n & 3]; }
        public static int Recursive(int a) => Deep(a & 15, a);
        public static int Pointer(int a) { var p = stackalloc int[4]; p[0] = a; p[3] = p[0] + 1; var q = p + 3; return *q + (int)(q - p); }
        """);

    [Fact]
    public void Arrays_have_elements_of_every_type() => Twins.Agree(
        """
        public struct Item { public byte A; public long B; public float C; }
        public sealed class Node { public int Value; public Node? Next; }
        public enum Color : byte { Red, Green = 200 }
        public static int SBytes(sbyte a) { var x = new sbyte[3]; x[1] = a; return x[1] + x[0]; }
        public static int Bytes(byte a) { var x = new byte[3]; x[1] = a; return x[1] + x[0]; }
        public static int Bools(bool a) { var x = new bool[3]; x[1] = a; return (x[1] ? 1 : 0) + (x[2] ? 2 : 0); }
        public static int Shorts(short a) { var x = new short[3]; x[1] = a; x[1]++; return x[1] + x[0]; }
        public static int UShorts(ushort a) { var x = new ushort[3]; x[1] = a; x[1]++; return x[1] + x[0]; }
        public static int Chars(char a) { var x = new char[3]; x[1] = a; return x[1] + x[0]; }
        public static uint UInts(uint a) { var x = new uint[3]; x[1] = a; return x[1] + x[0]; }
        public static long Longs(long a) { var x = new long[3]; x[1] = a; return x[1] + x[0]; }
        public static ulong ULongs(ulong a) { var x = new ulong[3]; x[1] = a; return x[1] + x[0]; }
        public static float Floats(float a) { var x = new float[3]; x[1] = a; return x[1] + x[0]; }
        public static double Doubles(double a) { var x = new double[3]; x[1] = a; return x[1] + x[0]; }
        public static long Structs(int a, int b) { var x = new Item[4]; x[1].A = (byte)a; x[1].B = b; x[b] = x[1]; x[b].C += 2.5f; var y = x[b]; return y.A + y.B + (int)(y.C * 2) + x.Length; }
        public static int Objects(int a) { var x = new Node[3]; x[1] = new Node { Value = a }; x[2] = x[1]; x[2].Value++; return x[1].Value + (x[0] == null ? 1 : 0); }
        public static int Jagged(int a) { var x = new int[2][]; x[0] = [1, 2, a]; x[1] = x[0]; x[1][1] = a; return x[0][1] + x[0][2] + x[1].Length; }
        public static int Enums(int a) { var x = new Color[2]; x[0] = Color.Green; x[1] = (Color)a; return (int)x[0] + (int)x[1]; }
        public static int Literal(int a) { int[] x = [10, 20, 30, 40, 50]; long[] y = { 1, 2, 3 }; byte[] z = [1, 2, (byte)a]; return x[a] + (int)y[1] + z[2]; }
        public static int Out(int a) { var x = new int[3]; return x[a]; }
        public static int Negative(int a) { if (a > 1000) a &= 1000; var x = new int[a]; return x.Length; }
        public static int None(int a) { int[]? x = a > 0 ? new int[1] : null; return x![0] + a; }
        public static int NoneLength(int a) { int[]? x = a > 0 ? new int[1] : null; return x!.Length + a; }
        public static int Foreach(int a) { var n = 0; foreach (var x in new[] { a, a + 1, 3 }) n = n * 7 + x; return n; }
        public static int Tuples(int a) { var x = new (int A, long B)[2]; x[1] = (a, 5); x[1].B++; return x[1].A + (int)x[1].B; }
        public static int Spans(int a) { var x = new int[5]; foreach (ref var y in x.AsSpan()) y = a++; return x[0] + x[4]; }
        """);

    [Fact]
    public void Small_classes_are_objects() => Twins.Agree(
        """
        public sealed class Node(int value, Node? next)
        {
            public int Value = value;
            public readonly Node? Next = next;
            public long Wide { get; set; } = value * 3L;
            public int Sum() => Value + (Next?.Sum() ?? 0);
        }
        public class Base { public int A = 1; public int B; public int Read() => A * 10 + B; }
        public sealed class Derived : Base { public int C = 3; public new int B = 4; public int ReadAll() => Read() * 100 + B * 10 + C; }
        static Node List(int n) { Node? list = null; for (var i = 0; i < (n & 7); i++) list = new Node(i + n, list); return list ?? new Node(-1, null); }
        public static int Linked(int a) => List(a).Sum();
        public static long Properties(int a) { var n = new Node(a, null); n.Wide++; var m = n; m.Wide += 2; return n.Wide; }
        public static int Null(int a) { Node? n = a > 0 ? new Node(a, null) : null; return n!.Value; }
        public static int NullCall(int a) { Node? n = a > 0 ? new Node(a, null) : null; return n!.Sum(); }
        public static int NullField(int a) { Node? n = a > 0 ? new Node(a, null) : null; n!.Value = a; return n.Value; }
        public static int Inherited(int a) { var d = new Derived { A = a }; ((Base)d).B = 2; return d.ReadAll(); }
        public static bool Same(int a) { var n = new Node(a, null); var m = a > 3 ? n : new Node(a, n); return ReferenceEquals(n, m) || m.Next == n && n.Next is null; }
        public static int Owned(int a) { var n = new Node(1, new Node(a, null)); return n.Next!.Value + (n.Next.Next?.Value ?? 9); }
        """.Replace("ReferenceEquals(n, m)", "n == m", StringComparison.Ordinal));

    [Fact]
    public void Nullable_values_and_tuples_behave() => Twins.Agree(
        """
        static int? Half(int a) => a % 2 == 0 ? a / 2 : null;
        static (int Min, long Max) Range(int a, int b) => a < b ? (a, b) : (b, a);
        public static int Has(int a) => Half(a).HasValue ? 1 : 0;
        public static int Or(int a) => Half(a) ?? -7;
        public static int Value(int a) => Half(a)!.Value;
        public static int Lifted(int a, int b) { var s = Half(a) + Half(b); return s.GetValueOrDefault() + (Half(a) == Half(b) ? 1 : 0) + (Half(a) < Half(b) ? 2 : 0); }
        public static int Changed(int a) { int? x = null; if (a > 3) x = a; x++; return x ?? 5; }
        public static long Tuple(int a, int b) { var (min, max) = Range(a, b); return min * 3 + max; }
        public static bool TupleEqual(int a, int b) => Range(a, b) == (a, b);
        public static int Nested(int a, int b) { var t = (a, (b, 3), x: 'c'); t.Item2.b += t.a; var (p, (q, r), s) = t; return p + q * 2 + r + s; }
        public static int Swap(int a, int b) { (a, b) = (b, a + b); return a * 3 + b; }
        public static byte Small(byte a) { byte? x = a > 9 ? (byte)(a + 250) : null; return x ?? 1; }
        public static long Wide(long a) { long? x = a; long? y = a > 0 ? x : null; return y.HasValue ? y.Value : 3; }
        """);

    [Fact]
    public void Static_fields_begin_with_what_their_initializers_say() => Twins.Agree(
        """
        static class First { public static int A = Second.B + 1; public static readonly int[] Table = [1, 2, 3]; }
        static class Second { public static int B = Third.C * 2; public static long Wide = 1L << 40; }
        static class Third { public static int C = 21; public static byte Small = 200; }
        static class Generic<T> where T : struct { public static int Count; }
        static int s_calls;
        public static int Chain(int a) => Third.C + First.A + Second.B + a;
        public static int Reverse(int a) => Second.B + First.A + Third.C + a;
        public static long Wide() => Second.Wide + Third.Small;
        public static int Counted(int a) { s_calls = a; s_calls++; ref var r = ref s_calls; r *= 2; return s_calls; }
        public static int Table(int a) => First.Table[a];
        public static int ByType() { Generic<int>.Count = 1; Generic<long>.Count = 5; Generic<int>.Count++; return Generic<int>.Count * 10 + Generic<long>.Count; }
        """);
}
