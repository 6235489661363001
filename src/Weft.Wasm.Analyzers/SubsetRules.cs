using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Weft.Wasm.Analyzers;

/// <summary>The codes, one rule each. A finding has the words of the compiler: what is wrong, and in brackets what to do.</summary>
internal static class SubsetRules
{
    private const string Category = "Weft.Plugins";
    private const string Documents = "docs/diagnostics.md";

    public static readonly DiagnosticDescriptor Objects = Rule("PW0001", "A value becomes an object, or a type is looked at when the plugin runs");

    public static readonly DiagnosticDescriptor Texts = Rule("PW0002", "A string is more than a literal");

    public static readonly DiagnosticDescriptor Framework = Rule("PW0004", "The framework's type or member is not in the subset");

    public static readonly DiagnosticDescriptor Catch = Rule("PW0005", "An exception is caught");

    public static readonly DiagnosticDescriptor Calls = Rule("PW0007", "What is called is not known before the plugin runs");

    public static readonly DiagnosticDescriptor Members = Rule("PW0008", "A type has not the member that is called");

    public static readonly DiagnosticDescriptor Arithmetic = Rule("PW0011", "Arithmetic is checked");

    public static readonly DiagnosticDescriptor Plugins = Rule("PW0014", "An assembly has several plugins");

    public static readonly DiagnosticDescriptor Keeping = Rule("PW0016", "An object of a callback is kept");

    public static readonly DiagnosticDescriptor Unsafe = Rule("PW0017", "Memory is used without the checks");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
        [Objects, Texts, Framework, Catch, Calls, Members, Arithmetic, Plugins, Keeping, Unsafe];

    // A warning: code that no callback reaches may be anything, and only the compiler knows what is reached.
    private static DiagnosticDescriptor Rule(string code, string title) => new(
        code, title, "{0} ({1})", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Documents);
}
