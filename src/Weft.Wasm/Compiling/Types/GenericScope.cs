using System.Collections.Immutable;

namespace Weft.Wasm.Compiling.Types;

/// <summary>What the generic parameters of a type and of a method stand for.</summary>
internal readonly record struct GenericScope(ImmutableArray<IlType> OfType, ImmutableArray<IlType> OfMethod)
{
    public static readonly GenericScope None = new([], []);
}
