using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Bodies;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>
/// The SDK asks of the types that it is closed over, whether one has a single byte for example. The answers are known while it
/// is compiled, and what they rule out is not compiled at all.
/// </summary>
internal sealed class ConstantFolding(AssemblySet assemblies, TypeReader types, Func<string, IReadOnlyList<IlType>, bool> answer)
{
    public void Fold(List<Insn> body, GenericScope scope)
    {
        for (var i = 0; i + 1 < body.Count; i++)
        {
            if (body[i].Code != Code.Call || Question((MethodReference)body[i].Operand!) is not { } question)
            {
                continue;
            }

            var method = (MethodReference)body[i].Operand!;
            var arguments = ((GenericInstanceMethod)method).GenericArguments.Select(a => types.Read(a, scope)).ToList();
            var holds = answer(question, arguments);
            var next = body[i + 1];
            if (next.Code is Code.Brtrue or Code.Brfalse)
            {
                (body[i].Code, body[i].Operand) = (Code.Nop, null);
                var taken = holds == (next.Code == Code.Brtrue);
                (next.Code, next.Target) = taken ? (Code.Br, next.Target) : (Code.Nop, null);
            }
            else
            {
                (body[i].Code, body[i].Operand) = (Code.Ldc_I4, holds ? 1 : 0);
            }
        }
    }

    private string? Question(MethodReference method)
    {
        var intrinsic = method is GenericInstanceMethod
            ? assemblies.Resolve(method)?.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "IntrinsicAttribute")
            : null;
        return intrinsic?.ConstructorArguments[0].Value is string name && name.StartsWith("type.", StringComparison.Ordinal) ? name : null;
    }
}
