using System.Collections.Immutable;
using Mono.Cecil;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>A method with all its generic parameters closed. Two are equal if their keys are.</summary>
internal sealed record MethodInstance(MethodDefinition Definition, IlType Owner, ImmutableArray<IlType> Arguments)
{
    public string Key { get; } = $"{Owner.Name}::{Definition.FullName}<{string.Join(",", Arguments.Select(a => a.Name))}>";

    public GenericScope Scope => new(Owner.Arguments, Arguments);

    /// <summary>What a person calls it: <c>Type.Method</c>.</summary>
    public string Shown => $"{Definition.DeclaringType.Name.Split('`')[0]}.{Definition.Name}";

    public bool Equals(MethodInstance? other) => other is not null && other.Key == Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}
