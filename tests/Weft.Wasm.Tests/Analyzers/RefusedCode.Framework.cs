namespace Weft.Wasm.Tests.Analyzers;

/// <content>What the framework has and a plugin has not, and what the C# compiler makes objects and machines of.</content>
internal static partial class RefusedCode
{
    private static (string Code, string Members)[] Framework =>
    [
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
    ];

    private static (string Code, string Members)[] Machines =>
    [
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
