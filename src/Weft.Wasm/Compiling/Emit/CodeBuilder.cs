namespace Weft.Wasm.Compiling.Emit;

/// <summary>The instructions of one function, as they are written.</summary>
internal sealed class CodeBuilder
{
    private readonly List<Label> _open = [];

    public List<WasmInsn> Code { get; } = [];

    /// <summary>As a function without locals of its own.</summary>
    public FunctionCode ToFunction(params IReadOnlyList<WasmType> parameters) => new([.. parameters], parameters.Count, Code);

    public CodeBuilder Op(int op) => Add(new WasmInsn(op));

    public CodeBuilder Op(int op, uint operand) => Add(op is Emit.Op.Br or Emit.Op.BrIf
        ? new WasmInsn(op) { Target = LabelAt((int)operand) }
        : new WasmInsn(op) { Value = operand });

    public CodeBuilder BranchTable(IEnumerable<int> depths) =>
        Add(new WasmInsn(Emit.Op.BrTable) { Targets = [.. depths.Select(LabelAt)] });

    public CodeBuilder CallIndirect(int type, Arity arity) => Add(new WasmInsn(Emit.Op.CallIndirect) { Value = type, Arity = arity });

    public CodeBuilder Call(int function, Arity arity) => Add(new WasmInsn(Emit.Op.Call) { Value = function, Arity = arity });

    /// <summary>An instruction of two bytes, the first of which is 0xfc.</summary>
    public CodeBuilder Prefixed(long op) => Add(new WasmInsn(Emit.Op.Prefix) { Value = op });

    public CodeBuilder Get(int local) => Add(new WasmInsn(Emit.Op.LocalGet) { Value = local });

    public CodeBuilder Set(int local) => Add(new WasmInsn(Emit.Op.LocalSet) { Value = local });

    public CodeBuilder I32(int value) => Add(new WasmInsn(Emit.Op.I32Const) { Value = value });

    public CodeBuilder I64(long value) => Add(new WasmInsn(Emit.Op.I64Const) { Value = value });

    public CodeBuilder F32(float value) => Add(new WasmInsn(Emit.Op.F32Const) { Value = BitConverter.SingleToInt32Bits(value) });

    public CodeBuilder F64(double value) => Add(new WasmInsn(Emit.Op.F64Const) { Value = BitConverter.DoubleToInt64Bits(value) });

    public CodeBuilder Zero(WasmType type) => Add(WasmInsn.Zero(type));

    /// <summary>A load or store of so many bytes.</summary>
    public CodeBuilder Memory(int op, int size, int offset) => Add(new WasmInsn(op) { Size = size, Value = offset });

    /// <summary>Opens or closes a block.</summary>
    public CodeBuilder Label(int op)
    {
        if (op is Emit.Op.Block or Emit.Op.Loop or Emit.Op.If)
        {
            _open.Add(new Label());
            return Add(new WasmInsn(op) { Target = _open[^1], Value = Emit.Op.Void });
        }

        if (op == Emit.Op.End)
        {
            _open.RemoveAt(_open.Count - 1);
        }

        return Add(new WasmInsn(op));
    }

    /// <summary>Opens a block whose label is known already, and which leaves a value on the stack if a type is given.</summary>
    public CodeBuilder Open(Label label, WasmType? result = null)
    {
        _open.Add(label);
        return Add(new WasmInsn(Emit.Op.Block) { Target = label, Value = result is { } type ? (int)type : Emit.Op.Void });
    }

    public CodeBuilder Branch(int op, Label label) => Add(new WasmInsn(op) { Target = label });

    /// <summary>Code that was written before what stands around it: its outer labels are those that are open here.</summary>
    public CodeBuilder Append(CodeBuilder inner)
    {
        foreach (var insn in inner.Code)
        {
            Add(insn with
            {
                Target = insn.Target is { } target ? Resolved(target) : null,
                Targets = insn.Targets?.Select(Resolved).ToList(),
            });
        }

        return this;
    }

    private Label Resolved(Label label) => label.Outer < 0 ? label : LabelAt(label.Outer);

    private Label LabelAt(int depth) => depth < _open.Count ? _open[^(depth + 1)] : new Label { Outer = depth - _open.Count };

    private CodeBuilder Add(WasmInsn insn)
    {
        Code.Add(insn);
        return this;
    }
}
