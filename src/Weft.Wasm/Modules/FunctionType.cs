using System.Collections.Immutable;

namespace Weft.Wasm.Modules;

/// <summary>The type of a function, or of a block: what it takes and what it gives.</summary>
/// <param name="Parameters">The types of the parameters, in order.</param>
/// <param name="Results">The types of the results, in order.</param>
public sealed record FunctionType(ImmutableArray<WasmType> Parameters, ImmutableArray<WasmType> Results)
{
    /// <summary>Takes nothing and gives nothing.</summary>
    public static FunctionType Empty { get; } = new([], []);

    /// <summary>Two types are equal if they take and give the same types.</summary>
    public bool Equals(FunctionType? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Parameters.AsSpan().SequenceEqual(other.Parameters.AsSpan())
            && Results.AsSpan().SequenceEqual(other.Results.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Parameters.Length);
        foreach (var type in Parameters.AsSpan())
        {
            hash.Add((byte)type);
        }

        foreach (var type in Results.AsSpan())
        {
            hash.Add((byte)type);
        }

        return hash.ToHashCode();
    }

    /// <summary>As people write it: <c>(i32, i64) -> i32</c>, with <c>()</c> for nothing.</summary>
    public override string ToString() =>
        $"{List(Parameters)} -> {(Results.Length == 1 ? Results[0].Word() : List(Results))}";

    // A list of a thousand types says no more than its first ones.
    private static string List(ImmutableArray<WasmType> types)
    {
        const int Shown = 16;
        var words = string.Join(", ", types.Take(Shown).Select(t => t.Word()));
        return types.Length > Shown ? $"({words}, … {types.Length} in all)" : $"({words})";
    }
}
