using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Weft.Wasm.Analyzers;

/// <summary>
/// PW0016: what a callback makes is gone with it. Static fields live as long as the virtual machine, and what a stream
/// keeps lives longer than its callbacks, so that an object stored there ends the callback.
/// </summary>
internal static class KeepingChecks
{
    private const int DeepestStruct = 16;

    public static void Register(CompilationStartAnalysisContext context, PluginProject project) =>
        context.RegisterOperationAction(c => Assignment(c, project), OperationKind.SimpleAssignment, OperationKind.CoalesceAssignment);

    private static void Assignment(OperationAnalysisContext context, PluginProject project)
    {
        var assignment = (IAssignmentOperation)context.Operation;
        if (context.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.StaticConstructor } or not IMethodSymbol ||
            assignment.Target.Type is not { } type || !HoldsObjects(type) || IsOld(assignment.Value) || Keeper(assignment.Target, project) is not { } keeper)
        {
            return;
        }

        var finding = new Finding(SubsetRules.Keeping, $"an object of a callback is kept in {keeper}", "keep numbers, or make it in OnConfigure and keep it in the plugin's struct");
        context.ReportDiagnostic(finding.At(assignment));
    }

    /// <summary>What the place belongs to that is assigned to, if that outlives callbacks.</summary>
    private static string? Keeper(IOperation? place, PluginProject project) => place switch
    {
        IFieldReferenceOperation { Field.IsStatic: true } field => field.Field.Name,
        IPropertyReferenceOperation { Property.IsStatic: true } property => property.Property.Name,
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation { Type: INamedTypeSymbol self } } field when project.IsStream(self) => field.Field.Name,
        IFieldReferenceOperation field => Keeper(field.Instance, project),
        IPropertyReferenceOperation property when property.Instance?.Type?.IsReferenceType == true => Keeper(property.Instance, project),
        IArrayElementReferenceOperation element => Keeper(element.ArrayReference, project),
        _ => null,
    };

    // Nothing, or something that is kept already.
    private static bool IsOld(IOperation value) => value switch
    {
        { ConstantValue.HasValue: true } or IDefaultValueOperation => true,
        IConversionOperation conversion => IsOld(conversion.Operand),
        IFieldReferenceOperation { Field.IsStatic: true } => true,
        IObjectCreationOperation { Type.IsValueType: true, Arguments.IsEmpty: true, Initializer: null } => true,
        _ => false,
    };

    private static bool HoldsObjects(ITypeSymbol type, int depth = 0) => type switch
    {
        IArrayTypeSymbol => true,
        INamedTypeSymbol { TypeKind: TypeKind.Class } => type.SpecialType != SpecialType.System_String,
        INamedTypeSymbol { TypeKind: TypeKind.Struct } when depth < DeepestStruct && !KnownTypes.IsSpan(type) =>
            type.GetMembers().OfType<IFieldSymbol>().Any(f => !f.IsStatic && !SymbolEqualityComparer.Default.Equals(f.Type, type) && HoldsObjects(f.Type, depth + 1)),
        _ => false,
    };
}
