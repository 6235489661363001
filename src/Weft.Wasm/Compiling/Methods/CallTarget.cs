using System.Collections.Immutable;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>What a call leads to.</summary>
internal abstract record CallTarget
{
    /// <summary>A method of the plugin or a library: it is compiled, too.</summary>
    /// <param name="Method">The method.</param>
    /// <param name="OnDefault">Whether it is an interface's own body, called for a struct that has none.</param>
    public sealed record Guest(MethodInstance Method, bool OnDefault = false) : CallTarget;

    /// <summary>A function of the proxy.</summary>
    public sealed record Import(MethodInstance Method, string Module, string Name) : CallTarget;

    /// <summary>What the SDK asks of the compiler itself, by the name in its attribute.</summary>
    public sealed record Intrinsic(string Name, MethodInstance Method) : CallTarget;

    /// <summary>A method of the framework, which the compiler knows or refuses.</summary>
    public sealed record Framework(
        string Type, string Name, IlType? Owner, ImmutableArray<IlType> Parameters, ImmutableArray<IlType> Arguments, IlType Result, bool HasThis)
        : CallTarget
    {
        public string Shown => $"{Type}.{Name}({string.Join(", ", Parameters.Select(p => p.Name))})";
    }
}
