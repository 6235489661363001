using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// Compiles one method. IL's stack becomes wasm's stack, structs become their numbers, and variables live in wasm's locals
/// until their address is needed: then the attempt is given up and begun anew with that variable in the frame, which lies
/// on a stack in linear memory. Control flow is made structured by Ramsey's way (Beyond Relooper, ICFP 2022).
/// </summary>
internal sealed partial class MethodCompiler(PluginProgram program, MethodInstance method)
{
    private const int MostAttempts = 500;
    private readonly HashSet<string> _escaped = [];
    private readonly Dictionary<(int Block, int Depth), IlType> _mergedTypes = [];
    private CodeBuilder _code = new();
    private List<WasmType> _locals = [];
    private List<Operand> _stack = [];
    private List<LabelOf?> _labels = [];
    private Inlining _frame = null!;
    private Insn _insn = null!;
    private Insn? _previous;
    private Block _block = null!;
    private int _parameterCount;
    private int _frameSize;
    private bool _needsFrame;
    private bool _wantsFrame;
    private int _framePointer = -1;
    private int _stackBefore = -1;

    /// <summary>What the attempt found out about the method.</summary>
    public MethodFacts Facts { get; private set; } = new();

    private PluginSources Sources => program.Sources;

    private LayoutTable Layouts => Sources.Layouts;

    public FunctionCode Compile()
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            try
            {
                return Attempt();
            }
            catch (Again)
            {
                // What escaped is noted.
            }
        }

        throw new NotInSubset("PW0012", $"{method.Shown} has too many variables whose address is taken", "split it");
    }

    /// <summary>Where the instruction is that is compiled now, for a diagnostic.</summary>
    public SourceLine? At => _place.Insn?.At;

    private FunctionCode Attempt()
    {
        Reset();
        var body = Sources.Body(method);
        _place = (method, body[0]);
        _frame = new Inlining(method, "", [], [], 0);
        var parameters = ReadParameters();
        _frame = _frame with { Locals = ReadLocals(method, "") };
        var graph = FlowGraph.Of(body);
        _needsFrame |= program.IsChecked(method) || body.Exists(i => i.Code == Code.Localloc);
        if (_needsFrame)
        {
            (_framePointer, _stackBefore) = (NewLocal(WasmType.I32), NewLocal(WasmType.I32));
        }

        WriteTree(graph.Entry);
        _place = (method, body[0]);
        WriteProlog(parameters, _code);
        return Assemble();
    }

    private void Reset()
    {
        (_code, _locals, _stack, _labels, _sites) = (new CodeBuilder(), [], [], [], []);
        (_frameSize, _framePointer, _stackBefore, Facts) = (0, -1, -1, new MethodFacts());
        _needsFrame = _wantsFrame || _escaped.Count > 0;
        (_passes, _noted, _faulted, _exit) = (false, new Label(), new Label(), new Label());
        _merges.Clear();
        _entryStacks.Clear();
        _free.Clear();
    }

    private List<(Variable Variable, int First)> ReadParameters()
    {
        var inMemory = new List<(Variable, int)>();
        var next = 0;
        foreach (var (type, index) in Sources.Parameters(method).Select((t, i) => (t, i)))
        {
            var layout = Layouts.Of(type);
            var key = $"a{index}";
            var escaped = _escaped.Contains(key);
            var variable = new Variable(key, type, layout)
            {
                InMemory = escaped,
                FrameOffset = escaped ? AllocateFrame(layout.Size, layout.Align) : 0,
                Locals = escaped ? [] : [.. Enumerable.Range(next, layout.Parts.Length)],
            };
            if (escaped)
            {
                inMemory.Add((variable, next));
            }

            _frame.Arguments.Add(variable);
            next += layout.Parts.Length;
        }

        _parameterCount = next;
        return inMemory;
    }

    private List<Variable> ReadLocals(MethodInstance of, string path) =>
        [.. of.Definition.Body.Variables.Select((v, i) => NewVariable($"{path}v{i}", Sources.Types.Read(v.VariableType, of.Scope)))];

    private Variable NewVariable(string key, IlType type)
    {
        var layout = Layouts.Of(type);
        return _escaped.Contains(key)
            ? new Variable(key, type, layout) { InMemory = true, FrameOffset = AllocateFrame(layout.Size, layout.Align) }
            : new Variable(key, type, layout) { Locals = [.. layout.Parts.Select(p => Take(p.Type))] };
    }

    private int AllocateFrame(int size, int align)
    {
        if (!_needsFrame)
        {
            _wantsFrame = true;
            throw new Again();
        }

        _frameSize = (_frameSize + align - 1) / align * align;
        var offset = _frameSize;
        _frameSize += Math.Max(size, 1);
        return offset;
    }

    private void OpenFrame(List<(Variable Variable, int First)> parameters)
    {
        // A recursive method's frame stands for the engine's own, too: so that its depth is bounded by the same stack.
        var least = program.IsRecursive(method) ? 32 + (4 * (_locals.Count + _parameterCount)) : 0;
        _frameSize = (Math.Max(_frameSize, least) + 15) & ~15;
        Facts.FrameSize = _frameSize;
        _code.Op(Op.GlobalGet, Globals.StackPointer).Set(_stackBefore).Get(_stackBefore).I32(_frameSize).Op(Op.I32Sub);
        _code.Set(_framePointer).Get(_framePointer);
        if (program.IsChecked(method))
        {
            CheckStack();
            _code.Get(_framePointer);
        }

        _code.Op(Op.GlobalSet, Globals.StackPointer);
        foreach (var (variable, first) in parameters)
        {
            for (var i = 0; i < variable.Layout.Parts.Length; i++)
            {
                _code.Get(_framePointer).Get(first + i);
                Store(variable.Layout.Parts[i], variable.FrameOffset);
            }
        }
    }

    private void ZeroFrame(int offset, int size)
    {
        if (size > 32)
        {
            _code.Get(_framePointer).I32(offset).Op(Op.I32Add).I32(0).I32(size).Prefixed(Op.MemoryFill);
            return;
        }

        for (var at = 0; at < size; at += 8)
        {
            _code.Get(_framePointer).I64(0).Memory(StoreOf(WasmType.I64, 8), 8, offset + at);
        }
    }

    private FunctionCode Assemble()
    {
        var types = Sources.Parameters(method).SelectMany(t => Layouts.Of(t).Parts).Select(p => p.Type);
        var function = new FunctionCode([.. types, .. _locals], _parameterCount, _code.Code);
        return Optimizer.Optimize(function);
    }

    /// <summary>A method whose code is written into this one: its variables, and where the call stands.</summary>
    private sealed record Inlining(MethodInstance Method, string Path, List<Variable> Arguments, List<Variable> Locals, int Depth);

    /// <summary>The attempt is begun anew: more is known now.</summary>
    private sealed class Again : Exception;
}
