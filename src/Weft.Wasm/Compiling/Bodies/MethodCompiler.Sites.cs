using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// What a failed check does. Each place with a reason of its own has a label around the whole method; behind the label the
/// reason is noted and the method returns zeros. Its callers look at the reason after the call and return as well.
/// </summary>
internal sealed partial class MethodCompiler
{
    // The first label is for faults that come from a call.
    private const int Passed = 0;
    private List<(FaultKind Kind, MethodInstance Method, int Line)> _sites = [];
    private bool _passes;

    // Where a fault is said to be: in the plugin's own code, also where it is written into other code.
    private (MethodInstance Method, Insn Insn) _place;

    private int Label(int site) => _labels.Count + site;

    /// <summary>The method ends with a fault if the number on the stack is not 0.</summary>
    private void FailIf(FaultKind kind) => _code.Op(Op.BrIf, (uint)Label(SiteOf(kind)));

    private void Fail(FaultKind kind) => _code.Op(Op.Br, (uint)Label(SiteOf(kind)));

    private int SiteOf(FaultKind kind)
    {
        Facts.Checks = true;
        var site = (kind, _place.Method, _place.Insn.At?.Line ?? 0);
        var known = _sites.IndexOf(site);
        if (known < 0)
        {
            known = _sites.Count;
            _sites.Add(site);
        }

        return known + 1;
    }

    private void AfterCall(bool mayFault)
    {
        if (mayFault && program.Contains)
        {
            _passes = true;
            _code.Op(Op.GlobalGet, Globals.Fault).Op(Op.BrIf, (uint)Label(Passed));
        }
    }

    private void CheckStack()
    {
        _code.I32(program.StackLimit).Op(Op.I32LtS);
        FailIf(FaultKind.Stack);
    }

    private int OpenSites()
    {
        // The frame is opened within the labels, so that its own check can use them.
        if (_needsFrame && program.IsChecked(method))
        {
            SiteOf(FaultKind.Stack);
        }

        if (program.Contains && program.CostAtEntry(method) > 0)
        {
            SiteOf(FaultKind.Fuel);
        }

        var labels = _sites.Count > 0 || _passes ? _sites.Count + 1 : 0;
        if (labels > 0)
        {
            // The last leads to the end that all share.
            _code.Label(Op.Block);
            for (var i = 0; i < labels; i++)
            {
                _code.Label(Op.Block);
            }
        }

        return labels;
    }

    private void CloseSites(int labels)
    {
        if (labels == 0)
        {
            _code.Op(Op.Unreachable);
            return;
        }

        _code.Op(Op.Unreachable).Label(Op.End).Op(Op.Br, (uint)labels - 1);
        for (var i = 1; i < labels; i++)
        {
            _code.Label(Op.End);
            if (program.Contains)
            {
                _code.I32(program.SiteCode(_sites[i - 1].Method, _sites[i - 1].Kind, _sites[i - 1].Line)).Op(Op.GlobalSet, Globals.Fault);
                _code.Op(Op.Br, (uint)(labels - 1 - i));
            }
            else
            {
                _code.Op(Op.Unreachable);
            }
        }

        _code.Label(Op.End);
        CloseFrame();
        foreach (var part in Layouts.Of(program.Calls.Result(method)).Parts)
        {
            _code.Zero(part.Type);
        }
    }

    private void CloseFrame()
    {
        if (_needsFrame)
        {
            _code.Get(_stackBefore).Op(Op.GlobalSet, Globals.StackPointer);
        }
    }
}
