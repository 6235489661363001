using Weft.Bpf;
using Weft.Testing;

namespace Weft.Kernel.Tests.Links;

public sealed class UsdtArgumentTests
{
    private const int Seed = 4711;

    private static readonly string[] Texts =
    [
        "-4@%eax 8@$-9", "1@-96(%rbp,%rax,8) 2@(%r12)", "4@%r10d -8@8(%rsp,%rbx)", "8@[sp, -16] -4@x19 8@71 4@[x2]",
    ];

    [Theory]
    [InlineData("", "")]
    [InlineData(":first:second", "")]
    [InlineData("-4@%esi 2@%ax 1@%r9b", "Register 0 104 0 0 4 True; Register 0 80 0 0 2 False; Register 0 64 0 0 1 False")]
    [InlineData(" 8@$-9  -8 @ $71 ", "Constant -9 0 0 0 8 False; Constant 71 0 0 0 8 True")]
    [InlineData("8@$18446744073709551615", "Constant -1 0 0 0 8 False")]
    [InlineData("-4@-1204(%rbp) 8@(%rsp) 8@+8(%rip)", "Memory -1204 32 0 0 4 True; Memory 0 152 0 0 8 False; Memory 8 128 0 0 8 False")]
    [InlineData(
        "1@-96(%rbp,%rax,8) 2@( %r15 , %rcx , 2 ) 4@16(%rdi,%rsi) 8@(%rdx,%r14)",
        "Indexed -96 32 80 3 1 False; Indexed 0 0 88 1 2 False; Indexed 16 112 104 0 4 False; Indexed 0 96 8 0 8 False")]
    public void Arguments_of_x86_are_read(string text, string wanted) => Assert.Equal(wanted, Read(text, UsdtArguments.X64));

    [Theory]
    [InlineData("-8@x0 4@w30 8@sp", "Register 0 0 0 0 8 True; Register 0 240 0 0 4 False; Register 0 248 0 0 8 False")]
    [InlineData("-4@[sp, 96] 8@[x29, -16] 1@[x1]", "Memory 96 248 0 0 4 True; Memory -16 232 0 0 8 False; Memory 0 8 0 0 1 False")]
    [InlineData("4@5 -8@-5", "Constant 5 0 0 0 4 False; Constant -5 0 0 0 8 True")]
    public void Arguments_of_arm_are_read(string text, string wanted) => Assert.Equal(wanted, Read(text, UsdtArguments.Arm64));

    [Theory]
    [InlineData("8f@%xmm0")]
    [InlineData("3@%eax")]
    [InlineData("8@%xmm0")]
    [InlineData("8@")]
    [InlineData("8")]
    [InlineData("8@$")]
    [InlineData("8@-8(%rax")]
    [InlineData("8@(%rax,%rbx,3)")]
    [InlineData("8@(%rax,)")]
    [InlineData("8@name(%rip)")]
    [InlineData("8@-9223372036854775809(%rax)")]
    [InlineData("1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1")]
    public void What_is_no_argument_is_refused_with_its_text(string text) =>
        Assert.Contains(text, Assert.Throws<BpfFormatException>(() => UsdtArguments.Parse(text, UsdtArguments.X64)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*b?d", "aXXbcd", true)]
    [InlineData("a*b?d", "abbd", true)]
    [InlineData("a*b?d", "abd", false)]
    [InlineData("*ab*ab", "abaab", true)]
    [InlineData("tcp_v?_*", "tcp_v4_connect", true)]
    [InlineData("tcp", "tcp_v4", false)]
    [InlineData("?", "", false)]
    public void A_pattern_matches_names(string pattern, string name, bool isMatch) =>
        Assert.Equal(isMatch, new NamePattern(pattern).Matches(System.Text.Encoding.UTF8.GetBytes(name)));

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Damaged_arguments_are_read_or_refused()
    {
        var random = new Random(Seed);
        for (var input = 0; input < Soak.Runs(50_000, 20_000_000); input++)
        {
            var text = Texts[random.Next(Texts.Length)].ToCharArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = random.Next(4) == 0 ? (char)random.Next(1, 0x300) : "%@$-()[], 0189xrspa"[random.Next(19)];
            }

            try
            {
                Assert.InRange(
                    UsdtArguments.Parse(new(text), random.Next(2) == 0 ? UsdtArguments.X64 : UsdtArguments.Arm64).Length, 0, UsdtArguments.Most);
            }
            catch (BpfFormatException)
            {
            }
        }
    }

    private static string Read(string text, ushort machine) => string.Join("; ", UsdtArguments.Parse(text, machine)
        .Select(a => $"{a.Kind} {a.Value} {a.Register} {a.Index} {a.Scale} {a.Size} {a.IsSigned}"));
}
