using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>
/// Reads a method's IL: short forms become long ones, and what <c>using</c> and <c>try … finally</c> run at the end is
/// written behind each way out. Faults end the callback, so that no handler is needed for them.
/// </summary>
internal static class InsnReader
{
    /// <summary>Methods larger than this are refused: no plugin has one, and each pass is at worst quadratic.</summary>
    private const int LargestBody = 65536;

    public static List<Insn> Read(MethodDefinition method)
    {
        var body = method.Body;
        if (body.CodeSize > LargestBody)
        {
            throw new NotInSubset("PW0012", $"{method.Name} is too large", "split it");
        }

        var at = Lines(method);
        var copies = body.Instructions.ToDictionary(i => i, i => new Insn(Long(i.OpCode.Code), i.Operand, at(i.Offset)));
        var list = new List<Insn>(copies.Count);
        foreach (var instruction in body.Instructions)
        {
            var insn = copies[instruction];
            Expand(insn, method);
            insn.Target = instruction.Operand is Instruction t ? copies[t] : null;
            insn.Targets = instruction.Operand is Instruction[] many ? [.. many.Select(x => copies[x])] : null;
            list.Add(insn);
        }

        FinallyLowering.Lower(list, body, copies);
        return list;
    }

    private static Func<int, SourceLine?> Lines(MethodDefinition method)
    {
        var points = method.DebugInformation.HasSequencePoints
            ? method.DebugInformation.SequencePoints.Where(p => !p.IsHidden).ToList()
            : [];
        return offset =>
        {
            var point = points.FindLast(p => p.Offset <= offset);
            return point is null ? null : new SourceLine(point.Document.Url, point.StartLine, point.StartColumn);
        };
    }

    // br_s and the like follow each other in the same order as the long forms.
    private static Code Long(Code code) => code switch
    {
        >= Code.Br_S and <= Code.Blt_Un_S => code - Code.Br_S + Code.Br,
        Code.Leave_S => Code.Leave,
        _ => code,
    };

    private static void Expand(Insn insn, MethodDefinition method)
    {
        int? constant = insn.Code switch
        {
            Code.Ldc_I4_M1 => -1,
            >= Code.Ldc_I4_0 and <= Code.Ldc_I4_8 => insn.Code - Code.Ldc_I4_0,
            Code.Ldc_I4_S => (sbyte)insn.Operand!,
            _ => null,
        };
        if (constant is { } value)
        {
            (insn.Code, insn.Operand) = (Code.Ldc_I4, value);
            return;
        }

        switch (insn.Code)
        {
            case >= Code.Ldarg_0 and <= Code.Ldarg_3:
                (insn.Code, insn.Operand) = (Code.Ldarg, insn.Code - Code.Ldarg_0);
                break;
            case >= Code.Ldloc_0 and <= Code.Ldloc_3:
                (insn.Code, insn.Operand) = (Code.Ldloc, insn.Code - Code.Ldloc_0);
                break;
            case >= Code.Stloc_0 and <= Code.Stloc_3:
                (insn.Code, insn.Operand) = (Code.Stloc, insn.Code - Code.Stloc_0);
                break;
            case Code.Ldarg_S or Code.Ldarg or Code.Ldarga_S or Code.Ldarga or Code.Starg_S or Code.Starg:
                var parameter = (ParameterDefinition)insn.Operand!;
                insn.Operand = parameter.Index + (method.HasThis ? 1 : 0);
                insn.Code = insn.Code switch
                {
                    Code.Ldarg_S => Code.Ldarg,
                    Code.Ldarga_S => Code.Ldarga,
                    Code.Starg_S => Code.Starg,
                    var other => other,
                };
                break;
            case Code.Ldloc_S or Code.Ldloc or Code.Ldloca_S or Code.Ldloca or Code.Stloc_S or Code.Stloc:
                insn.Operand = ((VariableDefinition)insn.Operand!).Index;
                insn.Code = insn.Code switch
                {
                    Code.Ldloc_S => Code.Ldloc,
                    Code.Ldloca_S => Code.Ldloca,
                    Code.Stloc_S => Code.Stloc,
                    var other => other,
                };
                break;
        }
    }
}
