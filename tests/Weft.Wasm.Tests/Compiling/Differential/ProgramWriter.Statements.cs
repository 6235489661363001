namespace Weft.Wasm.Tests.Compiling.Differential;

/// <content>Statements: loops end, and indexes are mostly right.</content>
internal sealed partial class ProgramWriter
{
    private Statement[] Statements(int count, int depth) => [.. Enumerable.Range(0, count).Select(_ => One(depth))];

    private static Statement Block(string head, Statement[] body, Statement? next = null) => new(head, body) { IsBlock = true, Next = next };

    private Statement One(int depth) => _dice.Below(depth > 0 ? 30 : 18) switch
    {
        < 6 => Assignment(),
        6 => new($"a{_dice.Of(Types) is var t}".Length > 0 && _dice.Of(Types) is var type ? $"a{type}[{Index(1)}] = {Expression(type, 2)};" : ""),
        7 => Through(),
        8 => StructStatement(),
        9 => SpanStatement(),
        10 => new($"Hash({Of(_dice.Of(Types))});"),
        11 => new($"s_{_dice.Of(Types) is var t2}".Length > 0 && _dice.Of(Types) is var kind ? $"s_{kind} = {Expression(kind, 2)};" : ""),
        12 => new(_dice.Of("nint_ = null;", $"nint_ = {Expression("int", 1)};", "nint_++;", $"nlong = {Leaf("bool")} ? null : {Leaf("long")};", "nlong += nint_;")),
        13 => ObjectStatement(),
        14 => Exit(),
        15 => new(_dice.Of("(vint0, vint1) = (vint1, vint0);", "(vlong0, vS10.W) = (vS10.W, vlong1);", $"Spread({Expression("int", 1)}, out vint0, out vbyte0);", "Swap(ref vS00, ref vS01);", "Swap(ref vlong0, ref vlong1);")),
        16 => Compound(),
        17 => UnsafeStatement(),
        18 or 19 or 20 => Block($"if ({Expression("bool", 2)})", Statements(2, depth - 1), _dice.OneIn(2) ? Block("else", Statements(1, depth - 1)) : null),
        21 or 22 or 23 => Loop(depth),
        24 or 25 => Switch(depth),
        26 or 27 => Try(depth),
        28 => Block($"using (new Scope({Leaf("int")}))", Statements(2, depth - 1)),
        _ => Foreach(depth),
    };

    private string Of(string type) => AsLong(Expression(type, 2), type);

    private Statement Assignment()
    {
        var type = _dice.Of(Types);
        return new($"v{type}{_dice.Below(2)} = {Expression(type, 3)};");
    }

    private Statement Compound()
    {
        var type = _dice.Of("int", "uint", "long", "ulong", "byte", "sbyte", "short", "ushort", "float", "double");
        var place = _dice.Of($"v{type}0", $"v{type}1", $"a{type}[{Index(1)}]", $"s_{type}");
        return new(_dice.Below(3) == 0 ? $"{place}{_dice.Of("++", "--")};" : $"{place} {_dice.Of("+=", "-=", "*=")} {Leaf(type)};");
    }

    private Statement Through()
    {
        var type = _dice.Of(Types);
        var place = _dice.Of($"v{type}0", $"a{type}[{Index(1)}]", $"s_{type}");
        return new(type == "bool" || _dice.OneIn(3) ? $"Swap(ref {place}, ref v{type}1);" : $"Mix(ref {place}, {Expression(type, 1)});");
    }

    private Statement StructStatement() => new(_dice.Of(
        "vS01 = vS00;",
        $"vS00 = {Struct("S0", 2)};",
        $"vS10 = {Struct("S1", 2)};",
        $"vS10.In.A = {Expression("int", 2)};",
        $"vS00.B = {Expression("byte", 2)};",
        $"vS01.C = {Expression("short", 1)};",
        $"vS00.F = {Expression("float", 1)};",
        $"vS10.D = {Expression("double", 1)};",
        "vS10.Flag = !vS10.Flag;",
        $"vS00.Add({Expression("int", 1)});",
        $"vS10.In.Add({Expression("int", 1)});",
        $"aS0[{Index(1)}] = {Struct("S0", 1)};",
        $"aS0[{Index(1)}].Add({Leaf("int")});",
        $"ref var r{_labels} = ref aS0[{Index(1)}]; r{_labels}.A += {Leaf("int")}; r{_labels++}.B = {Leaf("byte")};",
        "vS11 = vS10; vS11.In = vS01;",
        "s_S1 = vS10; s_S1.In.Add(3);",
        "vS00 = default;",
        $"vint0 = vS00.Plus(ref vS00, {Leaf("int")});",
        $"vint1 += Read(in vS10.In, {Leaf("int")});"));

    private Statement SpanStatement() => _inFinally ? Assignment() : new(_dice.Of(
        $"sint[{Index(1)}] = {Expression("int", 2)};",
        $"sbytes[{Index(1)}] = {Expression("byte", 2)};",
        $"sint.Slice(1, 2).Fill({Expression("int", 1)});",
        "sbytes[..4].CopyTo(sbytes[2..]);",
        $"sbytes.Slice({Index(0)}).Clear();",
        "aint = sint.ToArray();",
        "abyte = sbytes[..4].ToArray();",
        $"vint0 = sint.IndexOf({Leaf("int")});",
        $"vint1 = sbytes.LastIndexOf({Leaf("byte")});",
        $"foreach (ref var x{_labels} in sint) x{_labels++} += {Leaf("int")};",
        "aint.AsSpan(1, 2).CopyTo(sint);",
        $"Span<short> z{_labels} = stackalloc short[(vint0 & 7) + 1]; z{_labels}[0] = {Leaf("short")}; vshort0 += z{_labels++}[^1];",
        $"Span<int> z{_labels} = stackalloc int[] {{ 1, 2, vint0 }}; vint0 += z{_labels++}[2];",
        $"Span<byte> z{_labels} = stackalloc byte[] {{ 9, 9, 9, 9 }}; vbyte0 += z{_labels++}[2];",
        $"Span<byte> z{_labels} = stackalloc byte[] {{ 1, 2, 3, 4 }}; vbyte0 += z{_labels++}[2];",
        "aint = [vint0, 2, 3, vint1];",
        "along = [1, 2, 3, 4];"));

    private Statement ObjectStatement() => new(_dice.Of(
        "vnode = new Node(vint0, vnode.Next == null ? vnode : null);",
        $"vnode.Value = {Expression("int", 2)};",
        $"vnode.Wide += {Leaf("long")};",
        "vnode.Bump();",
        "Renew(ref vnode, vint1);",
        "vnode = vnode.Next ?? vnode;",
        _dice.OneIn(8) ? "vint0 = vnode.Next!.Value;" : "if (vnode.Next != null) vint0 = vnode.Next.Value;",
        $"var m{_labels} = new Node[2]; m{_labels}[1] = vnode; vint1 += m{_labels}[1].Value; m{_labels++}[0] = new More(vint0, vnode);",
        $"var k{_labels} = new More(vint1, vnode); vint0 ^= k{_labels++}.Both();"));

    private Statement UnsafeStatement() => _inFinally ? Assignment() : new(_dice.Of(
        "fixed (int* q = aint) { q[1] += *q; }",
        "fixed (byte* q = sbytes) { vint0 += *(int*)(q + 1); }",
        $"var y{_labels} = {Leaf("long")}; var q{_labels} = &y{_labels}; *q{_labels} ^= 5; var qq{_labels} = &q{_labels}; **qq{_labels} += 1; vint0 += ((int*)*qq{_labels})[1]; vlong0 = y{_labels++};",
        $"var y{_labels} = {Leaf("double")}; vulong0 = y{_labels} != y{_labels} ? 1 : *(ulong*)&y{_labels++};",
        $"var y{_labels} = {Leaf("ushort")}; *(sbyte*)&y{_labels} = {Leaf("sbyte")}; *(short*)&y{_labels} += {Leaf("short")}; vushort0 = y{_labels++};",
        $"var y{_labels} = new int*[2]; fixed (int* q{_labels} = aint) {{ y{_labels}[1] = q{_labels} + 1; vint0 += *y{_labels++}[1]; }}",
        $"var y{_labels} = stackalloc int*[2]; fixed (int* q{_labels} = aint) {{ y{_labels}[1] = q{_labels}; vint0 += *y{_labels++}[1]; }}"));

    private Statement Exit() => _inFinally ? Assignment() : _dice.Below(8) switch
    {
        0 when _loops > 0 => new($"if ({Expression("bool", 1)}) break;"),
        1 or 2 when _loops > 0 => new($"if ({Expression("bool", 1)}) continue;"),
        3 when !_inTry => new($"if ({Expression("int", 1)} == 77) throw new InvalidOperationException();"),
        _ => Assignment(),
    };

    private Statement Loop(int depth)
    {
        if (_loops > 1)
        {
            return Assignment();
        }

        var (counter, most) = ($"i{_loops}", 1 + _dice.Below(6));
        _loops++;
        var body = Statements(2 + _dice.Below(2), depth - 1);
        _loops--;
        return _dice.Below(3) switch
        {
            0 => Block($"for ({counter} = 0; {counter} < {most}; {counter}++)", body),
            1 => Block($"{counter} = {most};\nwhile ({counter}-- > 0)", body),
            _ => Block($"for ({counter} = (vint0 & 3) + 1; {counter} != 0 && {Expression("bool", 1)}; {counter}--)", body),
        };
    }

    private Statement Foreach(int depth)
    {
        if (_loops > 0)
        {
            return Assignment();
        }

        var name = $"x{_labels++}";
        _loops++;
        var body = Statements(1, depth - 1);
        _loops--;
        var source = _dice.Of("aint", "sint", "new[] { vint0, 2 }");
        return Block($"foreach (var {name} in {source})", [new Statement($"vint1 += {name};"), .. body]);
    }

    private Statement Switch(int depth)
    {
        // What breaks would leave the switch alone: loops are counted anew within.
        var loops = _loops;
        _loops = Math.Max(loops, 1) == loops ? loops : 0;
        var text = new Statement($"switch ({Expression("int", 1)} & 7)", [.. Enumerable.Range(0, 6).Select(i => Case(i, depth))]) { IsBlock = true };
        _loops = loops;
        return text;
    }

    private Statement Case(int number, int depth) =>
        Block($"{(number == 5 ? "default" : $"case {number}")}: {(number == 1 ? "case 6:" : "")}", Statements(1, depth - 1), new Statement("break;"));

    private Statement Try(int depth)
    {
        var (inTry, inFinally, loops) = (_inTry, _inFinally, _loops);
        _inTry = true;
        var body = Statements(2, depth - 1);
        (_inFinally, _loops) = (true, 2);
        var last = Statements(1, depth - 1);
        (_inTry, _inFinally, _loops) = (inTry, inFinally, loops);
        return Block("try", body, Block("finally", last));
    }
}
