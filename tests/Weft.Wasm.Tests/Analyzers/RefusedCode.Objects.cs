namespace Weft.Wasm.Tests.Analyzers;

/// <content>Objects where there are none: boxes, casts, layouts of one's own.</content>
internal static partial class RefusedCode
{
    private static (string Code, string Members)[] Objects =>
    [
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
    ];
}
