namespace Weft.Wasm.Tests.Analyzers;

/// <content>Exceptions, calls of what is known at run time alone, and arithmetic.</content>
internal static partial class RefusedCode
{
    private static (string Code, string Members)[] Calls =>
    [
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
    ];
}
