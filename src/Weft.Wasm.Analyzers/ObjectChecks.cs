using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>PW0001: values that become objects, and types that are looked at when the plugin runs.</summary>
internal static class ObjectChecks
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(Conversion, OperationKind.Conversion);
        context.RegisterOperationAction(IsType, OperationKind.IsType);
        context.RegisterOperationAction(Pattern, OperationKind.DeclarationPattern, OperationKind.TypePattern, OperationKind.RecursivePattern);
        context.RegisterOperationAction(Array, OperationKind.ArrayCreation);
    }

    private static void Conversion(OperationAnalysisContext context)
    {
        var operation = (IConversionOperation)context.Operation;
        var (from, to) = (operation.Operand.Type, operation.Type);
        if (from is null || to is null || operation.ConstantValue.HasValue || IsPartOfText(operation))
        {
            return;
        }

        var conversion = operation.GetConversion();
        if (conversion.IsBoxing || (conversion.IsImplicit && conversion.IsReference && from.TypeKind == TypeKind.TypeParameter))
        {
            context.ReportDiagnostic(Finding.Boxed.At(operation));
        }
        else if (conversion.IsUnboxing || (conversion.IsReference && conversion.IsExplicit))
        {
            context.ReportDiagnostic((from.TypeKind == TypeKind.TypeParameter ? Finding.Boxed : Finding.Cast).At(operation));
        }
    }

    // What is put together to a text has a message of its own.
    private static bool IsPartOfText(IConversionOperation operation) =>
        operation.Parent is IInterpolationOperation or IBinaryOperation { Type.SpecialType: SpecialType.System_String } or
            ICompoundAssignmentOperation { Type.SpecialType: SpecialType.System_String };

    private static void IsType(OperationAnalysisContext context)
    {
        var operation = (IIsTypeOperation)context.Operation;
        Test(context, operation.ValueOperand.Type, operation.TypeOperand);
    }

    private static void Pattern(OperationAnalysisContext context)
    {
        var pattern = (IPatternOperation)context.Operation;
        var type = pattern switch
        {
            IDeclarationPatternOperation { MatchesNull: true } => null,
            IDeclarationPatternOperation declaration => declaration.MatchedType,
            IRecursivePatternOperation recursive => recursive.MatchedType,
            _ => pattern.NarrowedType,
        };
        Test(context, pattern.InputType, type);
    }

    private static void Test(OperationAnalysisContext context, ITypeSymbol? input, ITypeSymbol? wanted)
    {
        if (input is null || wanted is null || input.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return;
        }

        var isPlain = input.TypeKind != TypeKind.TypeParameter && context.Compilation.ClassifyConversion(input, wanted) is { IsImplicit: true } known &&
            (known.IsIdentity || known.IsReference);
        if (!isPlain && !(input.IsValueType && input.TypeKind != TypeKind.TypeParameter))
        {
            context.ReportDiagnostic((input.TypeKind == TypeKind.TypeParameter ? Finding.Boxed : Finding.Cast).At(context.Operation));
        }
    }

    private static void Array(OperationAnalysisContext context)
    {
        if (context.Operation.Type is IArrayTypeSymbol { Rank: > 1 } array)
        {
            context.ReportDiagnostic(TypeChecks.Dimensions(array).At(context.Operation));
        }
    }
}
