namespace Weft.Wasm.Tests.Compiling.Differential;

/// <content>Expressions: each has a variable in it, so that the C# compiler computes none of them itself.</content>
internal sealed partial class ProgramWriter
{
    private string Literal(string type) => type switch
    {
        "int" => _dice.Of("0", "1", "-1", "7", "255", "1000", "int.MaxValue", "int.MinValue", "65536"),
        "uint" => _dice.Of("0u", "1u", "31u", "0x80000000u", "uint.MaxValue"),
        "long" => _dice.Of("0L", "1L", "-1L", "9L", "1L << 40", "long.MinValue", "long.MaxValue"),
        "ulong" => _dice.Of("0UL", "1UL", "77UL", "1UL << 63", "ulong.MaxValue"),
        "byte" => _dice.Of("(byte)0", "(byte)1", "(byte)200", "byte.MaxValue"),
        "sbyte" => _dice.Of("(sbyte)0", "(sbyte)-1", "(sbyte)100", "sbyte.MinValue"),
        "short" => _dice.Of("(short)0", "(short)-1", "(short)300", "short.MinValue"),
        "ushort" => _dice.Of("(ushort)0", "(ushort)3", "(ushort)40000", "ushort.MaxValue"),
        "char" => _dice.Of("'a'", "'\\0'", "'\\uffff'"),
        "bool" => _dice.Of("true", "false"),
        "float" => _dice.Of("0f", "-0f", "1.5f", "-3f", "1e20f", "float.NaN", "float.PositiveInfinity", "0.1f"),
        _ => _dice.Of("0.0", "-0.0", "2.5", "-1e3", "1e300", "double.NaN", "double.NegativeInfinity", "1e-310"),
    };

    private string Expression(string type, int depth)
    {
        if (type is "S0" or "S1")
        {
            return Struct(type, depth);
        }

        if (depth <= 0)
        {
            return Leaf(type);
        }

        return _dice.Below(14) switch
        {
            0 => $"({Expression("bool", depth - 1)} ? {Expression(type, depth - 1)} : {Expression(type, depth - 1)})",
            1 when _mayCall && _loops == 0 && _methods.FindAll(m => m.Result == type) is { Count: > 0 } known => Call(_dice.In(known), depth),
            2 => $"Pick({Expression("bool", depth - 1)}, {Expression(type, depth - 1)}, {Leaf(type)})",
            3 => Cast(type, depth),
            4 => $"Same({Expression(type, depth - 1)})",
            5 => Special(type, depth),
            6 => Leaf(type),
            _ => Operation(type, depth),
        };
    }

    private string Call((string Name, string Result, string[] Parameters) method, int depth) =>
        $"{method.Name}({string.Join(", ", method.Parameters.Select(p => Expression(p, depth - 1)))})";

    private string Struct(string type, int depth) => _dice.Below(depth <= 0 ? 3 : 5) switch
    {
        0 => $"v{type}0",
        1 => $"v{type}1",
        2 => type == "S0" ? $"aS0[{Index(0)}]" : "s_S1",
        3 => type == "S0" ? $"new S0({Expression("int", depth - 1)}, {Expression("byte", depth - 1)})" : $"new S1 {{ In = {Struct("S0", depth - 1)}, W = {Expression("long", depth - 1)} }}",
        _ => $"Pick({Expression("bool", depth - 1)}, {Struct(type, depth - 1)}, v{type}1)",
    };

    private string Leaf(string type) => _dice.Below(8) switch
    {
        0 => $"v{type}0",
        1 => $"a{type}[{Index(0)}]",
        2 => $"s_{type}",
        3 when type == "int" => _dice.Of("vS00.A", "vS10.In.A", "vnode.Value", "aS0[1].A", $"sint[{Index(0)}]", "vS00.Twice", "nint_.GetValueOrDefault()", "aint.Length", "(int)sbytes.Length"),
        3 when type == "byte" => _dice.Of("vS01.B", "vS10.In.B", "aS0[2].B", $"sbytes[{Index(0)}]", "s_data[vint0 & 3]", "\"hello\"u8[vint1 & 3]"),
        3 when type == "long" => _dice.Of("vS10.W", "vS11.W", "s_S1.W", "vnode.Wide", "nlong.GetValueOrDefault()", "s_table[vint0 & 3]"),
        3 when type == "float" => "vS00.F",
        3 when type == "double" => "vS10.D",
        3 when type == "short" => "vS01.C",
        3 when type == "bool" => _dice.Of("nint_.HasValue", "(vnode.Next == null)", "nlong.HasValue", "vS10.Flag"),
        _ => $"v{type}1",
    };

    // An index within bounds, most of the time.
    private string Index(int depth) => _dice.Below(1000) switch
    {
        < 2 => Expression("int", depth),
        < 250 => $"(int)({Expression("uint", depth)} & 3)",
        < 500 => "1",
        _ => $"({Expression("int", depth)} & 3)",
    };

    private string Cast(string type, int depth)
    {
        if (type == "bool")
        {
            return $"({Expression(_dice.Of("int", "uint", "long", "byte"), depth - 1)} != 0)";
        }

        var from = _dice.Of(Types);
        return from == "bool" ? $"({type})({Expression("bool", depth - 1)} ? 1 : 0)" : $"({type})({Expression(from, depth - 1)})";
    }

    private string Operation(string type, int depth) => type switch
    {
        "bool" => Condition(depth),
        "float" or "double" => $"({Expression(type, depth - 1)} {_dice.Of("+", "-", "*", "/", "%")} {Right(type, depth)})",
        "int" or "uint" or "long" or "ulong" => Whole(type, depth),
        _ => $"({type})({Expression(type, depth - 1)} {_dice.Of("+", "-", "*", "&", "|", "^", "<<", ">>")} {(_dice.OneIn(2) ? Leaf("byte") : "3")})",
    };

    private string Whole(string type, int depth) => _dice.Below(8) switch
    {
        0 => $"({Expression(type, depth - 1)} {_dice.Of("<<", ">>", ">>>")} {Expression("int", depth - 1)})",
        1 => $"({Expression(type, depth - 1)} {_dice.Of("/", "%")} {Divisor(type, depth)})",
        2 => $"(~{Expression(type, depth - 1)})",
        3 => type is "int" or "long" ? $"(-{Expression(type, depth - 1)})" : $"({Expression(type, depth - 1)} * {Expression(type, depth - 1)})",
        _ => $"({Expression(type, depth - 1)} {_dice.Of("+", "-", "*", "&", "|", "^")} {Right(type, depth)})",
    };

    private string Divisor(string type, int depth) => _dice.Below(60) switch
    {
        0 => Expression(type, depth - 1),
        < 10 => type is "uint" or "ulong" ? "7" : "-3",
        _ => $"({Expression(type, depth - 1)} | 1)",
    };

    private string Right(string type, int depth) => _dice.OneIn(4) ? Literal(type) is var l && l.Contains("<<", StringComparison.Ordinal) ? $"({l})" : l : Expression(type, depth - 1);

    private string Condition(int depth)
    {
        var type = _dice.Of(Types);
        return _dice.Below(6) switch
        {
            0 => $"({Expression("bool", depth - 1)} {_dice.Of("&&", "||", "&", "|", "^", "==", "!=")} {Expression("bool", depth - 1)})",
            1 => $"(!{Expression("bool", depth - 1)})",
            _ when type == "bool" => $"({Leaf("bool")} && {Leaf("bool")})",
            _ => $"({Expression(type, depth - 1)} {_dice.Of("<", "<=", ">", ">=", "==", "!=")} {Right(type, depth)})",
        };
    }

    private string Special(string type, int depth) => type switch
    {
        "int" => _dice.Of(
            $"Math.Min({Expression(type, depth - 1)}, {Leaf(type)})",
            $"Apply(static x => x * 3 + 1, {Expression(type, depth - 1)})",
            $"Apply({_dice.Of("Negate", "Half")}, {Expression(type, depth - 1)})",
            $"Work(ref s_add, {Expression(type, depth - 1)})",
            $"Work(ref s_mul, {Expression(type, depth - 1)})",
            $"Depth({Expression(type, depth - 1)} & 7, {Leaf(type)})",
            $"Sum([{Leaf(type)}, {Expression(type, depth - 1)}])",
            "vS00.Sum32()",
            $"(nint_ ?? {Leaf(type)})",
            $"System.Numerics.BitOperations.PopCount({Expression("uint", depth - 1)})",
            $"(Word({Expression("bool", depth - 1)}) == \"yes\" ? {Leaf(type)} : 5)",
            $"(int)(sizeof(S0) & 12)",
            $"Max(sint, {Leaf(type)})",
            $"First<int>(aint, {Leaf(type)})",
            $"Pair({Leaf(type)}, {Leaf("long")}).Item1",
            $"Chosen(static x => (byte)x, {Expression(type, depth - 1)})"),
        "long" => _dice.Of(
            $"Pair({Leaf("int")}, {Expression(type, depth - 1)}).Item2",
            $"new Wrap<long> {{ Value = {Expression(type, depth - 1)} }}.Get()",
            $"vS10.Sum()", "vnode.Sum()", $"Total(vS00, {Leaf("int")})",
            $"Math.Max({Expression(type, depth - 1)}, {Leaf(type)})",
            $"(nlong ?? {Leaf(type)})"),
        "uint" => $"System.Numerics.BitOperations.RotateLeft({Expression(type, depth - 1)}, {Leaf("int")})",
        "ulong" => $"System.Numerics.BitOperations.RotateRight({Expression(type, depth - 1)}, {Leaf("int")})",
        "double" => $"Math.{_dice.Of("Sqrt", "Floor", "Ceiling", "Truncate", "Round", "Abs")}({Expression(type, depth - 1)})",
        "float" => $"MathF.{_dice.Of("Sqrt", "Floor", "Ceiling", "Truncate", "Round", "Abs")}({Expression(type, depth - 1)})",
        "bool" => _dice.Of("sbytes.SequenceEqual(s_data)", "sbytes[..2].StartsWith(s_data)", "(Word(vbool0) == Word(vbool1))", $"double.IsNaN({Leaf("double")})"),
        _ => $"new Wrap<{type}> {{ Value = {Expression(type, depth - 1)} }}.Get()",
    };
}
