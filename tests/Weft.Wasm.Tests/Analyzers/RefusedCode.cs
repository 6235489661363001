namespace Weft.Wasm.Tests.Analyzers;

/// <summary>C# that is not in the subset: members of a class, whose method <c>F</c> is called. <c>//!</c> ends a line at
/// fault; <c>//?</c> one for which the compiler, which sees IL, names another.</summary>
internal static class RefusedCode
{
    public static readonly (string Code, string Members)[] Samples =
    [
        // Objects.
        ("PW0001", """
            static int G(object o) => 1;
            static int F(int a)
            {
                var b = a + 1;
                return G(b); //!
            }
            """),
        ("PW0001", """
            interface I { int N(); }
            struct S : I { public int N() => 1; }
            static int G(I i) => 1;
            static int F(int a)
            {
                var s = new S();
                return G(s); //!
            }
            """),
        ("PW0001", """
            static int G<T>(T value) => value is int ? 1 : 0; //!
            static int F(int a) => G(a);
            """),
        ("PW0001", """
            class B { public int X; }
            sealed class C : B { public int Y; }
            static int F(int a)
            {
                B b = new C();
                return ((C)b).Y; //!
            }
            """),
        ("PW0001", """
            class B { public int X; }
            sealed class C : B { public int Y; }
            static int F(int a)
            {
                B b = new C();
                var c = b as C; //!
                return c is null ? a : 0;
            }
            """),
        ("PW0001", """
            class B { public int X; }
            sealed class C : B { public int Y; }
            static int F(int a)
            {
                B b = new C();
                return b is C ? a : 0; //!
            }
            """),
        ("PW0001", """
            class B { public int X; }
            sealed class C : B { public int Y; }
            static int F(int a)
            {
                B b = new C();
                if (b is C c) //!
                {
                    return c.Y;
                }

                return 0;
            }
            """),
        ("PW0001", """
            class B { public int X; }
            sealed class C : B { public int Y; }
            static int F(int a)
            {
                B b = new C();
                return b switch
                {
                    C c => c.Y, //?
                    _ => a,
                };
            }
            """),
        ("PW0001", """
            static int G(object o) => (int)o; //!
            static int F(int a) => G(null!);
            """),
        ("PW0001", """
            static int F(int a)
            {
                var b = a;
                var grid = new int[2, 3]; //!
                return b;
            }
            """),
        ("PW0001", """
            [StructLayout(LayoutKind.Explicit)] struct U { [FieldOffset(0)] public int A; [FieldOffset(0)] public float B; } //?
            static int F(int a)
            {
                var u = new U { A = a };
                return (int)u.B;
            }
            """),
        ("PW0001", """
            [InlineArray(4)] struct Four { public int A; } //?
            static int F(int a)
            {
                Four four = default;
                four[1] = a;
                return four[1];
            }
            """),

        // Texts.
        ("PW0002", """
            static int G(string s) => 1;
            static int F(int a)
            {
                var t = a > 3 ? "x" : "y";
                return G(t + "z"); //!
            }
            """),
        ("PW0002", """
            static int G(string s) => 1;
            static int F(int a)
            {
                var t = a > 3 ? "x" : "y";
                t += "z"; //!
                return G(t);
            }
            """),
        ("PW0002", """
            static int G(string s) => 1;
            static int F(int a)
            {
                var b = a + 1;
                return G($"b is {b}"); //?
            }
            """),
        ("PW0002", """
            static int F(int a)
            {
                var t = a > 3 ? "x" : "y";
                return t.Length; //!
            }
            """),
        ("PW0002", """
            static int F(int a)
            {
                var t = a > 3 ? "x" : "yy";
                return t[0]; //!
            }
            """),
        ("PW0002", """
            static int F(int a)
            {
                var n = 0;
                foreach (var c in "abc") //!
                {
                    n += c;
                }

                return n;
            }
            """),
        ("PW0002", """
            static int G(string s) => 1;
            static int F(int a) => G(a.ToString()); //!
            """),
        ("PW0002", """
            static int F(int a)
            {
                var t = a > 3 ? "x" : "y";
                return t.StartsWith("x", StringComparison.Ordinal) ? 1 : 0; //!
            }
            """),
        ("PW0002", """
            static int G(string s) => 1;
            static int F(int a)
            {
                var t = a > 3 ? "x" : "y";
                return G(t.ToUpperInvariant()); //!
            }
            """),
        ("PW0002", """
            static int G(string s) => 1;
            static int F(int a) => G(string.Join(",", "a", "b")); //!
            """),
        ("PW0002", """
            static int G(ReadOnlySpan<char> s) => s.Length;
            static int F(int a)
            {
                var t = a > 3 ? "x" : "y";
                return G(t); //!
            }
            """),
        ("PW0002", """
            enum E { A, B }
            static int G(string s) => 1;
            static int F(int a)
            {
                var e = (E)a;
                return G(e.ToString()); //!
            }
            """),
        ("PW0002", """
            static int F(int a)
            {
                Log.Info("n " + a); //!
                return a;
            }
            """),

        // The framework.
        ("PW0004", """
            static int F(int a)
            {
                var list = new System.Collections.Generic.List<int>(); //!
                return a;
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = a + 1;
                return (int)Math.Pow(b, 2); //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = a + 1;
                return (int)Environment.TickCount64 + b; //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = a + 1;
                return DateTime.UtcNow.Ticks > b ? 1 : 0; //?
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = new int[a & 7];
                Array.Sort(b); //!
                return b[0];
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                Span<int> b = stackalloc int[4];
                b.Reverse(); //!
                return b[0];
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                Span<double> b = stackalloc double[4];
                return b.IndexOf(2.0); //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                decimal d = a; //!
                return a;
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = a + 1;
                return typeof(int) == null ? b : a; //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                return int.TryParse("12"u8, out var n) ? n : a; //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = a + 1;
                return b.GetHashCode(); //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = a + 1;
                return b.CompareTo(3); //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = a + 1;
                return char.IsDigit((char)b) ? 1 : 0; //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = 1.5 * a;
                return (int)Math.Sin(b); //!
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                var b = new int[3];
                foreach (var x in System.Linq.Enumerable.Where(b, static x => x > 1)) //?
                {
                    a += x;
                }

                return a;
            }
            """),

        // Exceptions.
        ("PW0005", """
            static int F(int a)
            {
                try
                {
                    return 10 / a;
                }
                catch (DivideByZeroException) //!
                {
                    return 0;
                }
            }
            """),
        ("PW0005", """
            static int F(int a)
            {
                try
                {
                    return 10 / a;
                }
                catch when (a > 3) //!
                {
                    return 0;
                }
            }
            """),

        // Calls that are not known before the plugin runs.
        ("PW0007", """
            static int G(Func<int, int> f) => f(1);
            static int F(int a)
            {
                var b = a + 1;
                return G(x => x + b); //!
            }
            """),
        ("PW0007", """
            static int G(Func<int> f) => f();
            static int F(int a)
            {
                var b = a + 1;
                int Local() => b;
                return G(Local); //!
            }
            """),
        ("PW0007", """
            struct S { public int N; }
            sealed class C { public int N; public int M() => N; }
            static int G(Func<int> f) => f();
            static int F(int a)
            {
                var c = new C { N = a };
                return G(c.M); //!
            }
            """),
        ("PW0007", """
            interface I { int N(); }
            static int G(I i) => i.N(); //!
            static int F(int a) => G(null!);
            """),
        ("PW0007", """
            class B { public virtual int N() => 1; }
            static int G(B b) => b.N(); //!
            static int F(int a) => G(new B());
            """),
        ("PW0007", """
            abstract class B { public abstract int N(); }
            sealed class C : B { public override int N() => 1; }
            static int G(B b) => b.N(); //!
            static int F(int a) => G(new C());
            """),
        ("PW0007", """
            static int G(int a) => a;
            static unsafe int F(int a)
            {
                delegate*<int, int> f = &G; //?
                return f(a); //?
            }
            """),
        ("PW0008", """
            static bool Same<T>(T a, T b) where T : IEquatable<T> => a.Equals(b);
            static int F(int a) => Same(a, 3) ? 1 : 0; //?
            """),

        // Arithmetic.
        ("PW0011", """
            static int F(int a)
            {
                var b = a + 1;
                return checked(b * 2); //!
            }
            """),
        ("PW0011", """
            static int F(int a)
            {
                checked
                {
                    return (byte)a; //!
                }
            }
            """),
        ("PW0011", """
            static int F(int a)
            {
                checked
                {
                    a++; //!
                }

                return a;
            }
            """),

        // What the C# compiler would make objects and machines of.
        ("PW0004", """
            static async System.Threading.Tasks.Task<int> G(int a)
            {
                await System.Threading.Tasks.Task.Yield(); //?
                return a;
            }
            static int F(int a) => G(a).Result; //!
            """),
        ("PW0004", """
            static System.Collections.Generic.IEnumerable<int> G(int a) { yield return a; } //?
            static int F(int a)
            {
                foreach (var x in G(a)) //?
                {
                    a += x;
                }

                return a;
            }
            """),
        ("PW0004", """
            static int F(int a)
            {
                lock (new object()) //!
                {
                    return a;
                }
            }
            """),
        ("PW0004", """
            static event Action? E;
            static void On() { }
            static int F(int a)
            {
                E += On; //?
                return a;
            }
            """),
    ];
}
