using Microsoft.CodeAnalysis;

namespace Weft.Wasm.Analyzers;

/// <summary>What is not in the subset at some place.</summary>
internal readonly struct Finding(DiagnosticDescriptor rule, string message, string fix)
{
    public const string ReadPlugins = "see docs/plugins.md for what is, and the SDK for what replaces it";
    private const string Literals = "a string is a literal here: hand it to the SDK as it is";

    public Diagnostic At(Location place) => Diagnostic.Create(rule, place, message, fix);

    public Diagnostic At(IOperation operation) => At(operation.Syntax.GetLocation());

    /// <summary>A member of the framework that the compiler does not know; those of strings have a code of their own.</summary>
    public static Finding NotKnown(string shown) => IsOfTexts(shown)
        ? new Finding(SubsetRules.Texts, $"{shown} is not in the subset", Literals)
        : new Finding(SubsetRules.Framework, $"{shown} is not in the subset", ReadPlugins);

    public static Finding Text(string message) => new(SubsetRules.Texts, message, Literals);

    public static Finding Boxed { get; } =
        new(SubsetRules.Objects, "a value is boxed", "keep its type: make the method generic, or overload it");

    public static Finding Cast { get; } =
        new(SubsetRules.Objects, "a type is tested or cast at run time", "use a field that says which it is");

    private static bool IsOfTexts(string shown) =>
        shown.StartsWith("System.String.", StringComparison.Ordinal) || shown.EndsWith(".ToString()", StringComparison.Ordinal) ||
        shown.StartsWith("System.MemoryExtensions.AsSpan(string", StringComparison.Ordinal);
}
