using Mono.Cecil;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>
/// Methods that the SDK has in place of the framework's: <c>[Substitutes("System.MemoryExtensions")]</c> on a class says
/// whose methods those of the same name and parameters in it are. Spans of either kind count as the same.
/// </summary>
internal sealed class Substitutes
{
    private readonly TypeReader _types;
    private readonly ILookup<string, MethodDefinition> _byName;

    public Substitutes(AssemblySet assemblies, TypeReader types)
    {
        _types = types;
        _byName = assemblies.All.SelectMany(m => m.Types)
            .Select(t => (Type: t, Of: t.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "SubstitutesAttribute")))
            .Where(t => t.Of is not null)
            .SelectMany(t => t.Type.Methods, (t, m) => (Name: $"{t.Of!.ConstructorArguments[0].Value}::{m.Name}", Method: m))
            .ToLookup(t => t.Name, t => t.Method);
    }

    public MethodInstance? For(CallTarget.Framework call)
    {
        foreach (var method in _byName[$"{call.Type}::{call.Name}"])
        {
            if (method.GenericParameters.Count == call.Arguments.Length && method.Parameters.Count == call.Parameters.Length)
            {
                var scope = new GenericScope([], call.Arguments);
                if (ComparesBytes(call) && method.Parameters.Select(p => _types.Read(p.ParameterType, scope)).SequenceEqual(call.Parameters))
                {
                    return new MethodInstance(method, _types.Read(method.DeclaringType, scope), call.Arguments);
                }
            }
        }

        return null;
    }

    // The framework compares by Equals, which is the same for whole numbers alone.
    private static bool ComparesBytes(CallTarget.Framework call) =>
        call.Type != "System.MemoryExtensions" || call.Arguments is [{ Kind: >= IlKind.Bool and <= IlKind.U8 }];
}
