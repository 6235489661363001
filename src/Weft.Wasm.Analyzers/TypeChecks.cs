using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>The types of variables, parameters and fields, the layout of structs, and how many plugins there are.</summary>
internal static class TypeChecks
{
    public static void Register(CompilationStartAnalysisContext context, PluginProject project)
    {
        context.RegisterOperationAction(Variable, OperationKind.VariableDeclarator);
        context.RegisterSymbolAction(Field, SymbolKind.Field);
        context.RegisterSymbolAction(Method, SymbolKind.Method);
        context.RegisterSymbolAction(c => Type(c, project), SymbolKind.NamedType);
    }

    public static Finding Dimensions(IArrayTypeSymbol array) =>
        new(SubsetRules.Objects, $"{IlNames.Of(array.ElementType)}[{new string(',', array.Rank - 1)}] has several dimensions", "use an array of one");

    // Where the type is not written, what it comes from is refused at the same place.
    private static void Variable(OperationAnalysisContext context)
    {
        var declarator = (IVariableDeclaratorOperation)context.Operation;
        var isWritten = declarator.Syntax.Parent is VariableDeclarationSyntax { Type.IsVar: false } or ForEachStatementSyntax { Type.IsVar: false };
        if ((isWritten || declarator.Symbol.Type.TypeKind == TypeKind.FunctionPointer) && Refusal(declarator.Symbol.Type) is { } finding)
        {
            context.ReportDiagnostic(finding.At(declarator));
        }
    }

    private static void Field(SymbolAnalysisContext context)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (!field.IsConst && field.ContainingType.TypeKind != TypeKind.Enum && Refusal(field.Type) is { } finding)
        {
            context.ReportDiagnostic(finding.At((field.AssociatedSymbol ?? field).Locations[0]));
        }
    }

    // What every object has may be there for the debugger and for tests.
    private static void Method(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.Constructor) || method.IsImplicitlyDeclared || IsOfObjects(method) || method.ContainingType.TypeKind == TypeKind.Delegate)
        {
            return;
        }

        foreach (var parameter in method.Parameters)
        {
            if (Refusal(parameter.Type) is { } finding && !parameter.IsImplicitlyDeclared)
            {
                context.ReportDiagnostic(finding.At(parameter.Locations[0]));
            }
        }

        if (!method.ReturnsVoid && !method.IsAsync && !IsSequence(method.ReturnType) && Refusal(method.ReturnType) is { } ofResult)
        {
            context.ReportDiagnostic(ofResult.At(method.Locations[0]));
        }
    }

    private static bool IsOfObjects(IMethodSymbol method) => method.IsOverride && method.Name is "ToString" or "Equals" or "GetHashCode" && method.IsOverride;

    // What it yields is refused where it does, and where it is asked.
    private static bool IsSequence(ITypeSymbol type) => type.Name.StartsWith("IEnumera", StringComparison.Ordinal);

    private static Finding? Refusal(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol { Rank: > 1 } array:
                return Dimensions(array);
            case IFunctionPointerTypeSymbol:
                return new Finding(SubsetRules.Calls, "function pointers are not in the subset", "use a static lambda");
        }

        return KnownTypes.Unknown(type) is INamedTypeSymbol unknown
            ? new Finding(SubsetRules.Framework, $"{IlNames.OfDeclared(unknown.OriginalDefinition)} is not in the subset", "see docs/plugins.md for what is")
            : null;
    }

    private static void Type(SymbolAnalysisContext context, PluginProject project)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind == TypeKind.Struct && LaysOutItself(type))
        {
            var finding = new Finding(SubsetRules.Objects, $"{IlNames.OfDeclared(type)} lays its fields out by itself", "use an array, or stackalloc for what does not stay");
            context.ReportDiagnostic(finding.At(type.Locations[0]));
        }

        if (project.Plugins.Length > 1 && project.Plugins.Contains(type, SymbolEqualityComparer.Default))
        {
            var finding = new Finding(
                SubsetRules.Plugins, $"{project.Plugins[0].Name} and {project.Plugins[1].Name} are both plugins", "an assembly has one: put the other into its own");
            context.ReportDiagnostic(finding.At(type.Locations[0]));
        }
    }

    // Explicit is 2, as the framework counts.
    private static bool LaysOutItself(INamedTypeSymbol type) => type.GetAttributes().Any(a => a.AttributeClass?.Name switch
    {
        "InlineArrayAttribute" => true,
        "StructLayoutAttribute" => a.ConstructorArguments.FirstOrDefault().Value is 2 or (short)2,
        _ => false,
    });
}
