using System.Text;

namespace Weft.Wasm.Tests.Compiling.Differential;

/// <summary>
/// Draws C# programs of the subset. Each has a method <c>Run(int, int, long, float, double)</c>, which calls the others and
/// answers a number that depends on all that they computed.
/// </summary>
internal sealed partial class ProgramWriter(int seed)
{
    private const int Methods = 6;
    private static readonly string[] Types =
        ["int", "uint", "long", "ulong", "byte", "sbyte", "short", "ushort", "char", "bool", "float", "double"];

    private readonly Choice _dice = new(seed);
    private readonly List<(string Name, string Result, string[] Parameters)> _methods = [];
    private int _labels;
    private bool _mayCall;
    private bool _inFinally;
    private bool _inTry;
    private int _loops;

    public RandomProgram Write()
    {
        var preamble = Preamble();
        var methods = new List<(string, Statement, string)>();
        for (var i = 0; i < Methods; i++)
        {
            methods.Add(Method(i));
        }

        methods.Add(Run());
        return new RandomProgram(preamble, methods);
    }

    private (string Head, Statement Body, string Tail) Method(int number)
    {
        var result = _dice.Of(Types);
        string[] parameters = [.. Enumerable.Range(0, 1 + _dice.Below(3)).Select(_ => _dice.Of<string>((string[])[.. Types, "S0", "S1"]))];
        _mayCall = number > 2;
        var attribute = _dice.OneIn(3) ? "[MethodImpl(MethodImplOptions.NoInlining)] " : "";
        var declared = string.Join(", ", parameters.Select((t, i) => $"{t} p{i}"));
        var head = $"{attribute}static {result} M{number}({declared})\n{{\n{Locals(parameters)}";
        var body = new Statement("", Statements(3 + _dice.Below(5), 2));
        var tail = $"return {Expression(result, 2)};\n}}";
        _methods.Add(($"M{number}", result, parameters));
        return (head, body, tail);
    }

    private (string Head, Statement Body, string Tail) Run()
    {
        _mayCall = true;
        var head = "public static long Run(int a, int b, long c, float d, double e)\n{\nReset(a);\n" + Locals([]) +
            "vint0 = a; vint1 = b; vlong0 = c; vfloat0 = d; vdouble0 = e; vuint0 = (uint)b; vulong1 = (ulong)c; vshort0 = (short)a; vbyte1 = (byte)b;\n" +
            "vsbyte0 = (sbyte)a; vchar0 = (char)b; vbool0 = a > b;\n";
        var body = new Statement("", [.. Statements(4, 2), .. _methods.Select(Called), .. Statements(3, 2)]);
        var tail = new StringBuilder("long h = s_hash;\n");
        foreach (var type in Types)
        {
            tail.Append(Mixed($"v{type}0", type)).Append(Mixed($"v{type}1", type)).Append(Mixed($"s_{type}", type)).Append(Mixed($"a{type}[1]", type));
        }

        tail.Append(Mixed("vS00.Sum()", "long")).Append(Mixed("vS01.Sum()", "long")).Append(Mixed("vS10.Sum()", "long")).Append(Mixed("vnode.Sum()", "long"));
        return (head, body, tail + "return h;\n}");
    }

    private Statement Called((string Name, string Result, string[] Parameters) method) =>
        new($"Hash({AsLong($"{method.Name}({string.Join(", ", method.Parameters.Select(p => Expression(p, 2)))})", method.Result)});");

    private static string Mixed(string value, string type) => $"h = h * 31 + {AsLong(value, type)};\n";

    private static string AsLong(string value, string type) => type switch
    {
        "float" or "double" => $"Bits({value})",
        "bool" => $"({value} ? 1L : 0L)",
        "ulong" => $"(long)({value})",
        _ => $"(long)({value})",
    };

    private string Locals(string[] parameters)
    {
        var text = new StringBuilder();
        foreach (var type in Types)
        {
            for (var i = 0; i < 2; i++)
            {
                var given = Array.IndexOf(parameters, type);
                text.Append($"{type} v{type}{i} = {(given >= 0 && i == 0 ? $"p{given}" : Literal(type))};\n");
            }

            text.Append($"var a{type} = new {type}[4];\n");
        }

        var struct0 = Array.IndexOf(parameters, "S0");
        var struct1 = Array.IndexOf(parameters, "S1");
        text.Append($"S0 vS00 = {(struct0 >= 0 ? $"p{struct0}" : "default")};\nS0 vS01 = new S0(vint0, vbyte0);\n");
        text.Append($"S1 vS10 = {(struct1 >= 0 ? $"p{struct1}" : "default")};\nS1 vS11 = default;\n");
        text.Append("S0[] aS0 = new S0[4];\nvar vnode = new Node(vint0, null);\nint? nint_ = null;\nlong? nlong = vlong0;\n");
        text.Append("Span<int> sint = stackalloc int[4];\nSpan<byte> sbytes = stackalloc byte[8];\nvar i0 = 0; var i1 = 0; var i2 = 0;\n");
        return text.ToString();
    }
}
