using System.Collections.Immutable;
using Weft.Flow;
using Weft.Wasm.Modules.Validation;

namespace Weft.Wasm.Modules;

/// <summary>
/// Validates a module as WebAssembly 2.0 says (section 3): indices, types, and the instructions of every function. What
/// it finds is what V8 and Wasmtime refuse to compile.
/// </summary>
public static class ModuleValidator
{
    private const int MaxFindings = 20;

    /// <summary>Validates a module. Time and memory are bounded by its size, whatever its bytes are.</summary>
    /// <param name="module">The module.</param>
    /// <returns>
    /// What is wrong, with byte offsets and the names of functions in the messages; empty if the module is valid. At most
    /// one finding for each function, and at most 20. Codes as of <see cref="WasmModule.TryRead"/>.
    /// </returns>
    public static ImmutableArray<Diagnostic> Validate(WasmModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var scope = new ModuleScope(module);
        try
        {
            ModuleRules.Check(scope);
        }
        catch (WasmFormatException refused)
        {
            return [refused.Diagnostic];
        }

        return Bodies(scope);
    }

    private static ImmutableArray<Diagnostic> Bodies(ModuleScope scope)
    {
        var findings = ImmutableArray.CreateBuilder<Diagnostic>();
        var validator = new BodyValidator(scope);
        foreach (var function in scope.Module.Functions)
        {
            if (function.Body is null)
            {
                continue;
            }

            try
            {
                validator.Validate(function);
            }
            catch (WasmFormatException refused)
            {
                var name = scope.Module.Names.OfFunction(function.Index);
                findings.Add(refused.Diagnostic with { Message = $"{refused.Diagnostic.Message[..^1]} (in {name})." });
                if (findings.Count == MaxFindings)
                {
                    break;
                }
            }
        }

        return findings.ToImmutable();
    }
}
