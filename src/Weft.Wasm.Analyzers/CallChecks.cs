using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>PW0007 and PW0008: calls whose target is only known when the plugin runs, or not there.</summary>
internal static class CallChecks
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(Invocation, OperationKind.Invocation);
        context.RegisterOperationAction(Property, OperationKind.PropertyReference);
        context.RegisterOperationAction(
            c => c.ReportDiagnostic(new Finding(SubsetRules.Calls, "a function pointer is called", "use a static lambda").At(c.Operation)),
            OperationKind.FunctionPointerInvocation);
        context.RegisterOperationAction(Loop, OperationKind.Loop);
    }

    private static void Invocation(OperationAnalysisContext context)
    {
        var operation = (IInvocationOperation)context.Operation;
        Virtual(context, operation.TargetMethod, operation.IsVirtual, operation.Instance);
        Constraints(context, operation.TargetMethod);
    }

    private static void Property(OperationAnalysisContext context)
    {
        var operation = (IPropertyReferenceOperation)context.Operation;
        var isVirtual = operation.Property.IsVirtual || operation.Property.IsAbstract || operation.Property.IsOverride;
        if ((operation.Property.GetMethod ?? operation.Property.SetMethod) is { } accessor)
        {
            Virtual(context, accessor, isVirtual && !IsBase(operation.Instance), operation.Instance);
        }
    }

    private static bool IsBase(IOperation? instance) =>
        instance is IInstanceReferenceOperation reference && reference.Syntax.IsKind(SyntaxKind.BaseExpression);

    private static void Virtual(OperationAnalysisContext context, IMethodSymbol method, bool isVirtual, IOperation? instance)
    {
        if (instance?.Type is not { } type || method.IsStatic || KnownTypes.IsOfFramework(method) || !isVirtual)
        {
            return;
        }

        if (type.TypeKind == TypeKind.Interface)
        {
            var finding = new Finding(SubsetRules.Calls, $"{method.Name} is called on an interface", "make the method generic over a struct that implements it");
            context.ReportDiagnostic(finding.At(context.Operation));
        }
        else if (type.TypeKind == TypeKind.Class && IsOpen(method))
        {
            var shown = $"{Declared(method).ContainingType.Name}.{method.Name}";
            var finding = Declared(method).IsAbstract
                ? new Finding(SubsetRules.Calls, $"{shown} has no body", "call a method of a struct or a sealed class")
                : new Finding(SubsetRules.Calls, $"{shown} is virtual", "seal the class or the method");
            context.ReportDiagnostic(finding.At(context.Operation));
        }
    }

    // What is called in IL is the method as it was first declared, whose class has then been derived from.
    private static bool IsOpen(IMethodSymbol method) =>
        Declared(method) is var declared && !KnownTypes.IsOfFramework(declared) && !declared.ContainingType.IsSealed && !declared.IsSealed;

    private static IMethodSymbol Declared(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } overridden)
        {
            method = overridden;
        }

        return method;
    }

    // A type of the framework has no members that can be compiled.
    private static void Constraints(OperationAnalysisContext context, IMethodSymbol method)
    {
        if (KnownTypes.IsOfFramework(method))
        {
            return;
        }

        foreach (var (parameter, argument) in method.TypeParameters.Zip(method.TypeArguments, (p, a) => (p, a)))
        {
            if (argument.TypeKind is TypeKind.Struct or TypeKind.Enum && KnownTypes.IsOfFramework(argument) &&
                parameter.ConstraintTypes.FirstOrDefault(c => c.TypeKind == TypeKind.Interface) is { } face)
            {
                var finding = new Finding(SubsetRules.Members, $"{IlNames.Of(argument)} does not implement {face.Name} in the subset", "give the method a struct of yours");
                context.ReportDiagnostic(finding.At(context.Operation));
            }
        }
    }

    private static void Loop(OperationAnalysisContext context)
    {
        if (context.Operation is IForEachLoopOperation loop && MemberChecks.EnumeratorOf(loop) is { } get &&
            get.ContainingType.TypeKind == TypeKind.Interface && !KnownTypes.IsOfFramework(get))
        {
            Virtual(context, get, isVirtual: true, loop.Collection);
        }
    }
}
