using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// What a failed check does. Each place with a reason of its own has a label around the whole method; behind the label the
/// reason is noted and the method returns zeros. Its callers look at the reason after the call and return as well.
/// </summary>
internal sealed partial class MethodCompiler
{
    private readonly record struct Site(FaultKind Kind, MethodInstance Method, int Line);

    private Dictionary<Site, Label> _sites = [];

    // Where the reason of a failed check is noted; where a method ends that a fault ended; where all ways out meet.
    private Label _noted = new();
    private Label _faulted = new();
    private Label _exit = new();
    private bool _passes;

    // Where a fault is said to be: in the plugin's own code, also where it is written into other code.
    private (MethodInstance Method, Insn Insn) _place;

    /// <summary>The method ends with a fault if the number on the stack is not 0.</summary>
    private void FailIf(FaultKind kind) => _code.Branch(Op.BrIf, SiteLabel(kind));

    private void Fail(FaultKind kind) => _code.Branch(Op.Br, SiteLabel(kind));

    private Label SiteLabel(FaultKind kind)
    {
        Facts.Checks = true;

        // Of the SDK's methods the name is enough.
        var line = PluginSources.IsSdk(_place.Method) ? 0 : _place.Insn.At?.Line ?? 0;
        var site = new Site(kind, _place.Method, line);
        if (!_sites.TryGetValue(site, out var label))
        {
            _sites[site] = label = new Label();
        }

        return label;
    }

    private void AfterCall(bool mayFault)
    {
        if (mayFault && program.Contains)
        {
            _passes = true;
            _code.Op(Op.GlobalGet, Globals.Fault).Branch(Op.BrIf, _faulted);
        }
    }

    private void CheckStack()
    {
        _code.I32(program.StackLimit).Op(Op.I32LtS);
        FailIf(FaultKind.Stack);
    }

    /// <summary>A method with one result or none closes its frame in one place.</summary>
    private bool SharesExit => _needsFrame && Results.Length <= 1;

    private System.Collections.Immutable.ImmutableArray<Types.Part> Results => Layouts.Of(Sources.Result(method)).Parts;

    private void Leave() => _ = SharesExit ? _code.Branch(Op.Br, _exit) : CloseFrame().Op(Op.Return);

    /// <summary>The checks at the start are written first, and with them the labels that they lead to become known.</summary>
    private void WriteProlog(List<(Variable Variable, int First)> parameters, CodeBuilder inner)
    {
        var prolog = _code = new CodeBuilder();
        BurnAtEntry();
        if (_needsFrame)
        {
            OpenFrame(parameters);
        }

        _code = new CodeBuilder();
        if (SharesExit)
        {
            _code.Open(_exit, Results is [{ Type: var type }] ? type : null);
        }

        if (_sites.Count > 0 || _passes)
        {
            WriteFaults(prolog, inner);
            foreach (var part in Results)
            {
                _code.Zero(part.Type);
            }
        }
        else
        {
            _code.Append(prolog).Append(inner).Op(Op.Unreachable);
        }

        if (SharesExit)
        {
            _code.Label(Op.End);
        }

        CloseFrame();
    }

    private void WriteFaults(CodeBuilder prolog, CodeBuilder inner)
    {
        var first = _sites.Keys.FirstOrDefault();
        var start = _sites.Count == 0 ? 0 : program.SiteCode(first.Method, 0, _sites.Keys.Where(s => s.Method == first.Method).Min(s => s.Line));
        _code.Open(_faulted);
        if (_sites.Count > 0)
        {
            _code.Open(_noted, WasmType.I32);
        }

        foreach (var label in _sites.Values.Reverse())
        {
            _code.Open(label);
        }

        _code.Append(prolog).Append(inner).Op(Op.Unreachable);
        foreach (var site in _sites.Keys)
        {
            _code.Label(Op.End);
            _ = program.Contains
                ? _code.I32(program.SiteCode(site.Method, site.Kind, site.Line) - start).Branch(Op.Br, _noted)
                : _code.Op(Op.Unreachable);
        }

        if (_sites.Count > 0)
        {
            _code.Label(Op.End);
            _code.I32(start).Op(Op.I32Add).Op(Op.GlobalSet, Globals.Fault);
        }

        _code.Label(Op.End);
    }

    private CodeBuilder CloseFrame() =>
        _needsFrame ? _code.Get(_stackBefore).Op(Op.GlobalSet, Globals.StackPointer) : _code;
}
