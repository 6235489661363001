using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>The type of a function, such as <c>(i32, i64) -> i32</c>.</summary>
internal readonly record struct Signature(string Text)
{
    public static Signature Of(FunctionImport import) => Of(import.Parameters, import.Results);

    public static Signature Of(FunctionExport export) => Of(export.Parameters, export.Results);

    /// <param name="kinds">
    /// A letter for each parameter, <c>i</c> or <c>I</c> (64 bits), a colon, and the results.
    /// </param>
    public static Signature Parse(string kinds)
    {
        var parts = kinds.Split(':');
        return Of([.. parts[0].Select(Kind)], [.. parts[1].Select(Kind)]);
    }

    public override string ToString() => Text;

    private static ValueKind Kind(char letter) => letter == 'I' ? ValueKind.Int64 : ValueKind.Int32;

    private static Signature Of(IReadOnlyList<ValueKind> parameters, IReadOnlyList<ValueKind> results) =>
        new($"({List(parameters)}) -> {(results.Count == 1 ? Name(results[0]) : $"({List(results)})")}");

    private static string List(IReadOnlyList<ValueKind> kinds) => string.Join(", ", kinds.Select(Name));

    private static string Name(ValueKind kind) => kind switch
    {
        ValueKind.Int32 => "i32",
        ValueKind.Int64 => "i64",
        ValueKind.Float32 => "f32",
        ValueKind.Float64 => "f64",
        _ => kind.ToString(),
    };
}
