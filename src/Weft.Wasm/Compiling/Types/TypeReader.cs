using System.Collections.Immutable;
using Mono.Cecil;
using Weft.Wasm.Compiling.Methods;

namespace Weft.Wasm.Compiling.Types;

/// <summary>Closes the types of the metadata: each generic parameter is replaced by what it stands for.</summary>
internal sealed class TypeReader(AssemblySet assemblies)
{
    private const int DeepestType = 32;
    private const int DeepestInheritance = 64;

    /// <summary>Types that grow with each use end here.</summary>
    private const int LongestName = 4000;

    public IlType Read(TypeReference type, GenericScope scope) => Read(type, scope, 0);

    /// <summary>The type, or null if it is not in the subset.</summary>
    public IlType? TryRead(TypeReference type, GenericScope scope)
    {
        try
        {
            return Read(type, scope, 0);
        }
        catch (NotInSubset)
        {
            return null;
        }
    }

    private IlType Read(TypeReference type, GenericScope scope, int depth)
    {
        if (depth > DeepestType)
        {
            throw new NotInSubset("PW0012", $"the type {type.Name} is nested too deeply");
        }

        return type switch
        {
            GenericParameter p => (p.Type == GenericParameterType.Method ? scope.OfMethod : scope.OfType)[p.Position],
            IModifierType m => Read(m.ElementType, scope, depth + 1),
            PinnedType p => Read(p.ElementType, scope, depth + 1),
            ByReferenceType r => IlType.ReferenceTo(Read(r.ElementType, scope, depth + 1)),
            PointerType p => IlType.PointerTo(Read(p.ElementType, scope, depth + 1)),
            ArrayType { Rank: 1 } a => IlType.ArrayOf(Read(a.ElementType, scope, depth + 1)),
            ArrayType => throw new NotInSubset("PW0001", $"{type.Name} has several dimensions", "use an array of one"),
            FunctionPointerType => throw new NotInSubset("PW0007", "function pointers are not in the subset", "use a static lambda"),
            GenericInstanceType g => Named(g.ElementType, [.. g.GenericArguments.Select(a => Read(a, scope, depth + 1))]),
            _ => Primitive(type) ?? Named(type, []),
        };
    }

    private static IlType? Primitive(TypeReference type) => type.MetadataType switch
    {
        MetadataType.Void => IlType.Void,
        MetadataType.Boolean => IlType.Bool,
        MetadataType.SByte => IlType.SByte,
        MetadataType.Byte => IlType.Byte,
        MetadataType.Int16 => IlType.Short,
        MetadataType.UInt16 => IlType.UShort,
        MetadataType.Char => IlType.Char,
        MetadataType.Int32 => IlType.Int,
        MetadataType.UInt32 => IlType.UInt,
        MetadataType.Int64 => IlType.Long,
        MetadataType.UInt64 => IlType.ULong,
        MetadataType.Single => IlType.Float,
        MetadataType.Double => IlType.Double,
        MetadataType.IntPtr or MetadataType.UIntPtr => IlType.NativeInt,
        MetadataType.String => IlType.Text,
        MetadataType.Object => IlType.Object,
        _ => null,
    };

    private IlType Named(TypeReference type, ImmutableArray<IlType> arguments)
    {
        var own = assemblies.Resolve(type);
        var name = arguments.IsEmpty ? type.FullName : $"{type.FullName}<{string.Join(",", arguments.Select(a => a.Name))}>";
        if (name.Length > LongestName)
        {
            throw new NotInSubset("PW0012", $"the type {type.Name} is closed over too many others", "leave out generic types that contain themselves");
        }

        return own is null ? OfFramework(type, name, arguments) : OfPlugin(own, name, arguments);
    }

    private IlType OfPlugin(TypeDefinition type, string name, ImmutableArray<IlType> arguments)
    {
        if (type.IsEnum)
        {
            return Read(type.Fields.First(f => !f.IsStatic).FieldType, GenericScope.None);
        }

        if (type.BaseType?.FullName == "System.MulticastDelegate")
        {
            return new IlType(name, IlKind.Delegate) { Arguments = arguments, Definition = type };
        }

        if (IsException(type))
        {
            return new IlType(name, IlKind.Exception) { Definition = type };
        }

        return new IlType(name, type.IsValueType ? IlKind.Struct : IlKind.Class)
        {
            Arguments = arguments,
            Definition = type,
        };
    }

    private bool IsException(TypeDefinition type, int depth = 0) =>
        depth < DeepestInheritance && type.BaseType is { } parent &&
        (assemblies.Resolve(parent) is { } known ? IsException(known, depth + 1) : LooksLikeException(parent));

    private static bool LooksLikeException(TypeReference type) =>
        type.Namespace.StartsWith("System", StringComparison.Ordinal) && type.Name.EndsWith("Exception", StringComparison.Ordinal);

    private static IlType OfFramework(TypeReference type, string name, ImmutableArray<IlType> arguments) =>
        type.FullName switch
        {
            "System.Span`1" or "System.ReadOnlySpan`1" => IlType.SpanOf(arguments[0]),
            "System.Nullable`1" => new IlType(name, IlKind.Nullable) { Arguments = arguments },
            "System.Array" => IlType.Object,
            "System.RuntimeFieldHandle" => IlType.NativeInt,
            _ when type.Namespace == "System.Runtime.CompilerServices" && type.Name.StartsWith("InlineArray", StringComparison.Ordinal) =>
                new IlType(name, IlKind.Struct) { Arguments = arguments },
            _ when type.FullName.StartsWith("System.ValueTuple", StringComparison.Ordinal) =>
                new IlType(name, IlKind.Struct) { Arguments = arguments },
            _ when IsDelegate(type) => new IlType(name, IlKind.Delegate) { Arguments = arguments },
            _ when LooksLikeException(type) => new IlType(name, IlKind.Exception),
            "System.Runtime.CompilerServices.DefaultInterpolatedStringHandler" => throw new NotInSubset(
                "PW0002", $"{type.FullName} is not in the subset", "a string is a literal here: hand it to the SDK as it is"),
            _ => throw new NotInSubset("PW0004", $"{type.FullName} is not in the subset", "see docs/plugins.md for what is"),
        };

    private static bool IsDelegate(TypeReference type) =>
        type.Namespace == "System" && type.Name.Split('`')[0] is "Action" or "Func" or "Predicate" or "Comparison";
}
