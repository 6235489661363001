using Mono.Cecil.Cil;

namespace Weft.Wasm.Tests.Compiling.Differential;

/// <summary>
/// The instructions of IL that the compiler knows and the C# compiler writes. Long and short forms of branches, variables
/// and constants count once.
/// </summary>
internal static class SupportedInstructions
{
    public static readonly Code[] All =
    [
        Code.Ldc_I4, Code.Ldc_I8, Code.Ldc_R4, Code.Ldc_R8, Code.Ldnull, Code.Ldstr,
        Code.Ldarg_0, Code.Ldarga_S, Code.Starg_S, Code.Ldloc_0, Code.Ldloca_S, Code.Stloc_0, Code.Dup, Code.Pop,
        Code.Add, Code.Sub, Code.Mul, Code.Div, Code.Div_Un, Code.Rem, Code.Rem_Un, Code.And, Code.Or, Code.Xor,
        Code.Shl, Code.Shr, Code.Shr_Un, Code.Neg, Code.Not, Code.Ceq, Code.Cgt, Code.Cgt_Un, Code.Clt, Code.Clt_Un,
        Code.Conv_I1, Code.Conv_U1, Code.Conv_I2, Code.Conv_U2, Code.Conv_I4, Code.Conv_U4, Code.Conv_I8, Code.Conv_U8,
        Code.Conv_R4, Code.Conv_R8, Code.Conv_R_Un, Code.Conv_I, Code.Conv_U,
        Code.Br_S, Code.Brfalse_S, Code.Brtrue_S, Code.Beq_S, Code.Bne_Un_S, Code.Blt_S, Code.Blt_Un_S, Code.Ble_S, Code.Ble_Un_S,
        Code.Bgt_S, Code.Bgt_Un_S, Code.Bge_S, Code.Bge_Un_S, Code.Switch, Code.Ret, Code.Leave_S, Code.Endfinally, Code.Throw,
        Code.Call, Code.Callvirt, Code.Newobj, Code.Ldftn, Code.Constrained, Code.Readonly, Code.Volatile,
        Code.Ldfld, Code.Ldflda, Code.Stfld, Code.Ldsfld, Code.Ldsflda, Code.Stsfld, Code.Sizeof, Code.Initobj, Code.Ldobj, Code.Stobj,
        Code.Localloc, Code.Cpblk, Code.Initblk, Code.Ldtoken, Code.Mul_Ovf_Un,
        Code.Ldind_I1, Code.Ldind_U1, Code.Ldind_I2, Code.Ldind_U2, Code.Ldind_I4, Code.Ldind_U4, Code.Ldind_I8, Code.Ldind_R4, Code.Ldind_R8,
        Code.Ldind_I, Code.Ldind_Ref, Code.Stind_I1, Code.Stind_I2, Code.Stind_I4, Code.Stind_I8, Code.Stind_R4, Code.Stind_R8, Code.Stind_I, Code.Stind_Ref,
        Code.Newarr, Code.Ldlen, Code.Ldelema, Code.Ldelem_I1, Code.Ldelem_U1, Code.Ldelem_I2, Code.Ldelem_U2, Code.Ldelem_I4, Code.Ldelem_U4,
        Code.Ldelem_I8, Code.Ldelem_R4, Code.Ldelem_R8, Code.Ldelem_I, Code.Ldelem_Ref, Code.Ldelem_Any,
        Code.Stelem_I1, Code.Stelem_I2, Code.Stelem_I4, Code.Stelem_I8, Code.Stelem_R4, Code.Stelem_R8, Code.Stelem_I, Code.Stelem_Ref, Code.Stelem_Any,
    ];
}
