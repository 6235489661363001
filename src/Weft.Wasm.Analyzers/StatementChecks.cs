using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>PW0005, PW0011, PW0017 and the rest of PW0004: what statements and operators may not do.</summary>
internal static class StatementChecks
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(Catch, OperationKind.CatchClause);
        context.RegisterOperationAction(
            Arithmetic, OperationKind.Binary, OperationKind.Unary, OperationKind.CompoundAssignment, OperationKind.Increment, OperationKind.Decrement, OperationKind.Conversion);
        context.RegisterOperationAction(c => Report(c, "System.Threading.Monitor.Enter"), OperationKind.Lock);
        context.RegisterOperationAction(c => Report(c, "System.Collections.Generic.IEnumerator`1"), OperationKind.YieldReturn, OperationKind.YieldBreak);
        context.RegisterOperationAction(c => Report(c, "System.Runtime.CompilerServices.AsyncTaskMethodBuilder"), OperationKind.Await);
        context.RegisterOperationAction(
            c => Report(c, "System.Runtime.CompilerServices.CallSite`1"),
            OperationKind.DynamicInvocation, OperationKind.DynamicMemberReference, OperationKind.DynamicObjectCreation, OperationKind.DynamicIndexerAccess);
        context.RegisterOperationAction(Range, OperationKind.Range);
        context.RegisterSyntaxTreeAction(Unsafe);
    }

    private static void Report(OperationAnalysisContext context, string shown) => context.ReportDiagnostic(Finding.NotKnown(shown).At(FirstLine(context.Operation)));

    // Of a statement that has others in it only the beginning.
    private static Location FirstLine(IOperation operation) =>
        operation.Syntax is LockStatementSyntax ? operation.Syntax.GetFirstToken().GetLocation() : operation.Syntax.GetLocation();

    private static void Catch(OperationAnalysisContext context)
    {
        var finding = new Finding(SubsetRules.Catch, "catch is not in the subset", "test before you act; a fault ends the callback and the request goes on");
        context.ReportDiagnostic(finding.At(context.Operation.Syntax.GetFirstToken().GetLocation()));
    }

    private static void Arithmetic(OperationAnalysisContext context)
    {
        var isChecked = !context.Operation.ConstantValue.HasValue && context.Operation switch
        {
            IBinaryOperation { IsChecked: true, OperatorMethod: null } binary => MayOverflow(binary.OperatorKind, binary.Type),
            ICompoundAssignmentOperation { IsChecked: true, OperatorMethod: null } compound => MayOverflow(compound.OperatorKind, compound.Type),
            IUnaryOperation { IsChecked: true, OperatorMethod: null } unary => unary.OperatorKind == UnaryOperatorKind.Minus && IsWhole(unary.Type),
            IIncrementOrDecrementOperation { IsChecked: true, OperatorMethod: null } step => IsWhole(step.Type),
            IConversionOperation { IsChecked: true, OperatorMethod: null } conversion => Narrows(conversion, context.Compilation),
            _ => false,
        };
        if (isChecked)
        {
            var finding = new Finding(SubsetRules.Arithmetic, "checked arithmetic is not in the subset", "compare before you compute");
            context.ReportDiagnostic(finding.At(context.Operation));
        }
    }

    private static bool MayOverflow(BinaryOperatorKind kind, ITypeSymbol? type) =>
        kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply && IsWhole(type);

    private static bool Narrows(IConversionOperation conversion, Compilation compilation) =>
        conversion.Operand.Type is { } from && IsWhole(conversion.Type) && (IsWhole(from) || from.SpecialType is SpecialType.System_Single or SpecialType.System_Double) &&
        Number(from) is var number && compilation.ClassifyConversion(number, Number(conversion.Type!)).IsExplicit;

    private static ITypeSymbol Number(ITypeSymbol type) => (type as INamedTypeSymbol)?.EnumUnderlyingType ?? type;

    private static bool IsWhole(ITypeSymbol? type) =>
        type is not null && Number(type).SpecialType is (>= SpecialType.System_Char and <= SpecialType.System_UInt64) or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    // Spans are cut without one.
    private static void Range(OperationAnalysisContext context)
    {
        if (context.Operation.Parent is not IImplicitIndexerReferenceOperation)
        {
            Report(context, "System.Range..ctor");
        }
    }

    private static void Unsafe(SyntaxTreeAnalysisContext context)
    {
        foreach (var token in context.Tree.GetRoot(context.CancellationToken).DescendantTokens().Where(t => t.IsKind(SyntaxKind.UnsafeKeyword)))
        {
            var finding = new Finding(SubsetRules.Unsafe, "pointers are not checked: they reach all of the plugin's memory", "use spans");
            context.ReportDiagnostic(finding.At(token.GetLocation()));
        }
    }
}
