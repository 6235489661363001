using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>PW0004: what is used of the framework must be known to the compiler.</summary>
internal static class MemberChecks
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(c => Check(c, ((IInvocationOperation)c.Operation).TargetMethod), OperationKind.Invocation);
        context.RegisterOperationAction(
            c => Check(c, c.Operation.Parent is IAttributeOperation ? null : ((IObjectCreationOperation)c.Operation).Constructor), OperationKind.ObjectCreation);
        context.RegisterOperationAction(c => Check(c, ((IBinaryOperation)c.Operation).OperatorMethod), OperationKind.Binary);
        context.RegisterOperationAction(c => Check(c, ((IUnaryOperation)c.Operation).OperatorMethod), OperationKind.Unary);
        context.RegisterOperationAction(c => Check(c, ((ICompoundAssignmentOperation)c.Operation).OperatorMethod), OperationKind.CompoundAssignment);
        context.RegisterOperationAction(c => Check(c, ((IIncrementOrDecrementOperation)c.Operation).OperatorMethod), OperationKind.Increment, OperationKind.Decrement);
        context.RegisterOperationAction(Conversion, OperationKind.Conversion);
        context.RegisterOperationAction(Property, OperationKind.PropertyReference, OperationKind.ImplicitIndexerReference);
        context.RegisterOperationAction(Field, OperationKind.FieldReference);
        context.RegisterOperationAction(Loop, OperationKind.Loop);
        context.RegisterOperationAction(Using, OperationKind.Using, OperationKind.UsingDeclaration);
        context.RegisterOperationAction(Collection, OperationKind.CollectionExpression);
        context.RegisterOperationAction(c => Report(c, "System.Type.GetTypeFromHandle"), OperationKind.TypeOf);
        context.RegisterOperationAction(c => Report(c, "System.Activator.CreateInstance"), OperationKind.TypeParameterObjectCreation);
        context.RegisterOperationAction(c => Report(c, "System.Delegate.Combine"), OperationKind.EventAssignment);
    }

    /// <summary>What a loop over a collection begins with; null for arrays, spans and strings, which are counted through.</summary>
    public static IMethodSymbol? EnumeratorOf(IForEachLoopOperation loop)
    {
        if (loop.SemanticModel is not { } model || loop.Syntax is not CommonForEachStatementSyntax syntax ||
            model.GetTypeInfo(syntax.Expression).Type is not { } over || over is IArrayTypeSymbol || over.SpecialType == SpecialType.System_String || KnownTypes.IsSpan(over))
        {
            return null;
        }

        return model.GetForEachStatementInfo(syntax).GetEnumeratorMethod;
    }

    private static void Check(OperationAnalysisContext context, IMethodSymbol? method)
    {
        if (method is null || context.Operation.ConstantValue.HasValue || IsOfTypeParameter(method, context.Operation))
        {
            return;
        }

        if (IsMadeForRecords(method))
        {
            Report(context, "System.Collections.Generic.EqualityComparer`1.get_Default");
        }
        else if (KnownTypes.IsOfFramework(method) && !KnownMembers.Contains(method) && !IsConcatenation(method))
        {
            context.ReportDiagnostic(Refusal(method, context.Operation).At(context.Operation));
        }
    }

    // The bounds of a range are no objects where spans are cut; see StatementChecks for the others.
    private static void Conversion(OperationAnalysisContext context)
    {
        var method = ((IConversionOperation)context.Operation).OperatorMethod;
        Check(context, method?.ContainingType is { Name: "Index" } index && KnownTypes.IsIn(index, "System") ? null : method);
    }

    // What it leads to is known where the generic method is closed over a type.
    private static bool IsOfTypeParameter(IMethodSymbol method, IOperation operation) =>
        method.ContainingType.TypeKind == TypeKind.Interface &&
        (method.IsStatic || operation is IInvocationOperation { Instance.Type.TypeKind: TypeKind.TypeParameter } or IPropertyReferenceOperation { Instance.Type.TypeKind: TypeKind.TypeParameter });

    // What every object has is asked of the struct itself, which may not have it.
    private static Finding Refusal(IMethodSymbol method, IOperation operation)
    {
        var isOfStruct = method.ContainingType.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType or SpecialType.System_Enum &&
            operation is IInvocationOperation { Instance.Type: { IsValueType: true } or { TypeKind: TypeKind.TypeParameter } };
        if (isOfStruct && method.Name is not ("ToString" or "GetType" or "HasFlag"))
        {
            var type = ((IInvocationOperation)operation).Instance!.Type!;
            return new Finding(SubsetRules.Members, $"{IlNames.Of(type)} does not implement {method.Name} in the subset", "give the method a struct of yours");
        }

        return method.Name is "GetType" or "HasFlag" && isOfStruct ? Finding.Boxed : Finding.NotKnown(IlNames.Of(method));
    }

    // See TextChecks.
    private static bool IsConcatenation(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.BuiltinOperator or MethodKind.UserDefinedOperator, Name: "op_Addition", ContainingType.SpecialType: SpecialType.System_String or SpecialType.System_Object };

    private static bool IsMadeForRecords(IMethodSymbol method) =>
        method is { IsImplicitlyDeclared: true, ContainingType.IsRecord: true, Name: "op_Equality" or "op_Inequality" or "Equals" or "GetHashCode" or "ToString" };

    private static void Property(OperationAnalysisContext context)
    {
        if (context.Operation is IImplicitIndexerReferenceOperation { IndexerSymbol: var indexer })
        {
            Check(context, indexer as IMethodSymbol ?? (indexer as IPropertySymbol)?.GetMethod);
            return;
        }

        var reference = (IPropertyReferenceOperation)context.Operation;
        var isSet = reference.Parent is IAssignmentOperation assignment && assignment.Target == reference && reference.Property.SetMethod is not null;
        Check(context, isSet ? reference.Property.SetMethod : reference.Property.GetMethod);
    }

    private static void Field(OperationAnalysisContext context)
    {
        var field = ((IFieldReferenceOperation)context.Operation).Field;
        if (field is { IsConst: false, IsStatic: true } && KnownTypes.IsOfFramework(field))
        {
            Report(context, $"{IlNames.OfDeclared(field.ContainingType.OriginalDefinition)}::{field.Name}");
        }
    }

    private static void Loop(OperationAnalysisContext context)
    {
        if (context.Operation is IForEachLoopOperation loop && EnumeratorOf(loop) is { } get && KnownTypes.IsOfFramework(get))
        {
            context.ReportDiagnostic(Finding.NotKnown(IlNames.Of(get)).At(loop.Collection));
        }
    }

    private static void Using(OperationAnalysisContext context)
    {
        var type = context.Operation switch
        {
            IUsingOperation { Resources: IVariableDeclarationGroupOperation group } => TypeOf(group),
            IUsingOperation { Resources.Type: var resource } => resource,
            IUsingDeclarationOperation { DeclarationGroup: var group } => TypeOf(group),
            _ => null,
        };
        if (type is { IsReferenceType: true })
        {
            context.ReportDiagnostic(Finding.NotKnown("System.IDisposable.Dispose()").At(context.Operation));
        }
    }

    private static ITypeSymbol? TypeOf(IVariableDeclarationGroupOperation group) =>
        group.Declarations.SelectMany(d => d.Declarators).FirstOrDefault()?.Symbol.Type;

    private static void Collection(OperationAnalysisContext context)
    {
        if (context.Operation.Type is { } type && KnownTypes.Unknown(type) is INamedTypeSymbol unknown)
        {
            Report(context, $"{IlNames.OfDeclared(unknown.OriginalDefinition)}..ctor()");
        }
    }

    private static void Report(OperationAnalysisContext context, string shown) => context.ReportDiagnostic(Finding.NotKnown(shown).At(context.Operation));
}
