namespace Weft.Wasm.Tests.Analyzers;

/// <content>Strings that are more than literals.</content>
internal static partial class RefusedCode
{
    private static (string Code, string Members)[] Texts =>
    [
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
    ];
}
