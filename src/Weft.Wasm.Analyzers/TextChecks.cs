using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>PW0002: a plugin has string literals and no other strings. What is called of strings is in <see cref="MemberChecks"/>.</summary>
internal static class TextChecks
{
    /// <summary>With so many literals the C# compiler looks at lengths and characters before it compares.</summary>
    private const int MostCompared = 6;

    public static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(Together, OperationKind.Binary, OperationKind.CompoundAssignment);
        context.RegisterOperationAction(Interpolation, OperationKind.InterpolatedString);
        context.RegisterOperationAction(Conversion, OperationKind.Conversion);
        context.RegisterOperationAction(Loop, OperationKind.Loop);
        context.RegisterOperationAction(Switch, OperationKind.Switch, OperationKind.SwitchExpression);
    }

    private static void Together(OperationAnalysisContext context)
    {
        if (IsConcatenation(context.Operation) && !IsConcatenation(context.Operation.Parent))
        {
            context.ReportDiagnostic(Finding.NotKnown("System.String.Concat").At(context.Operation));
        }
    }

    private static bool IsConcatenation(IOperation? operation) => operation switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } binary => IsText(binary.Type) && !binary.ConstantValue.HasValue,
        ICompoundAssignmentOperation compound => IsText(compound.Type),
        _ => false,
    };

    private static void Interpolation(OperationAnalysisContext context)
    {
        if (IsText(context.Operation.Type) && !context.Operation.ConstantValue.HasValue && !IsHandled(context.Operation))
        {
            var finding = Finding.Text("System.Runtime.CompilerServices.DefaultInterpolatedStringHandler is not in the subset");
            context.ReportDiagnostic(finding.At(context.Operation));
        }
    }

    // A handler of the SDK's, or of the plugin's, writes the parts where they go.
    private static bool IsHandled(IOperation operation)
    {
        var at = operation.Parent;
        while (at is IInterpolatedStringAdditionOperation)
        {
            at = at.Parent;
        }

        return at is IInterpolatedStringHandlerCreationOperation creation && creation.Type is { } type && !KnownTypes.IsOfFramework(type);
    }

    private static void Conversion(OperationAnalysisContext context)
    {
        var operation = (IConversionOperation)context.Operation;
        if (IsText(operation.Operand.Type) && KnownTypes.IsSpan(operation.Type))
        {
            context.ReportDiagnostic(Finding.NotKnown("System.MemoryExtensions.AsSpan(string)").At(operation));
        }
    }

    private static void Loop(OperationAnalysisContext context)
    {
        if (context.Operation is IForEachLoopOperation { Collection: var over })
        {
            while (over is IConversionOperation { IsImplicit: true } conversion)
            {
                over = conversion.Operand;
            }

            if (IsText(over.Type))
            {
                context.ReportDiagnostic(Finding.NotKnown("System.String.get_Length()").At(over));
            }
        }
    }

    private static void Switch(OperationAnalysisContext context)
    {
        var (value, cases) = context.Operation switch
        {
            ISwitchOperation statement => (statement.Value, statement.Cases.Sum(c => c.Clauses.Length)),
            ISwitchExpressionOperation expression => (expression.Value, expression.Arms.Length),
            _ => default,
        };
        if (IsText(value?.Type) && cases > MostCompared)
        {
            context.ReportDiagnostic(Finding.NotKnown("System.String.get_Length()").At(value!));
        }
    }

    private static bool IsText(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_String;
}
