using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>PW0007: a delegate is the number of a function. What it would carry along has no place.</summary>
internal static class DelegateChecks
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(Delegate, OperationKind.DelegateCreation);
        context.RegisterOperationAction(Combined, OperationKind.Binary, OperationKind.CompoundAssignment);
    }

    private static void Delegate(OperationAnalysisContext context)
    {
        var finding = ((IDelegateCreationOperation)context.Operation).Target switch
        {
            IAnonymousFunctionOperation lambda when Captures(lambda.Body, lambda.Symbol) => Capture("the lambda"),
            IMethodReferenceOperation reference => OfMethod(reference),
            _ => null,
        };
        if (finding is { } found)
        {
            context.ReportDiagnostic(found.At(context.Operation));
        }
    }

    private static Finding? OfMethod(IMethodReferenceOperation reference)
    {
        var method = reference.Method;
        if (KnownTypes.IsOfFramework(method))
        {
            return new Finding(SubsetRules.Calls, $"{method.Name} becomes a delegate", "use a static lambda");
        }

        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return BodyOf(reference) is { } body && Captures(body, method) ? Capture("the lambda") : null;
        }

        if (reference.Instance is not { Type: { } type } || method.IsStatic)
        {
            return method.ReducedFrom is null ? null : new Finding(SubsetRules.Calls, $"{method.ContainingType.Name}.{method.Name} is bound to its first argument", "use a static lambda");
        }

        if (type.IsValueType || type.TypeKind == TypeKind.TypeParameter)
        {
            return Finding.Boxed;
        }

        return reference.IsVirtual && !method.IsSealed && !type.IsSealed
            ? new Finding(SubsetRules.Calls, "a virtual method becomes a delegate", "use a static lambda")
            : HasState(type) ? Capture("the lambda") : null;
    }

    private static IOperation? BodyOf(IMethodReferenceOperation reference) =>
        reference.Method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax
            ? (reference.SemanticModel?.GetOperation(syntax) as ILocalFunctionOperation)?.Body
            : null;

    private static Finding Capture(string what) => new(SubsetRules.Calls, $"{what} captures a variable", "make it static and pass what it needs");

    private static bool Captures(IOperation body, IMethodSymbol function) => body.Descendants().Any(o => o switch
    {
        ILocalReferenceOperation { ConstantValue.HasValue: false } local => !Owns(function, local.Local),
        IParameterReferenceOperation parameter => !Owns(function, parameter.Parameter),
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } self => self.Type is { } type && HasState(type),
        _ => false,
    });

    private static bool Owns(IMethodSymbol function, ISymbol variable)
    {
        for (var at = variable.ContainingSymbol; at is not null; at = at.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(at, function))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasState(ITypeSymbol type) => type.IsValueType || type.GetMembers().OfType<IFieldSymbol>().Any(f => !f.IsStatic);

    private static void Combined(OperationAnalysisContext context)
    {
        var isCombined = context.Operation is
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract, Type.TypeKind: TypeKind.Delegate } or
            ICompoundAssignmentOperation { Type.TypeKind: TypeKind.Delegate };
        if (isCombined)
        {
            context.ReportDiagnostic(Finding.NotKnown("System.Delegate.Combine").At(context.Operation));
        }
    }
}
