using System.Collections.Immutable;
using Mono.Cecil;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>Finds out what a call leads to, once all generic parameters are known.</summary>
internal sealed class CallResolver(AssemblySet assemblies, TypeReader types)
{
    private readonly Substitutes _substitutes = new(assemblies, types);

    public CallTarget Resolve(MethodReference method, GenericScope scope, IlType? constrained)
    {
        ImmutableArray<IlType> arguments =
            method is GenericInstanceMethod g ? [.. g.GenericArguments.Select(a => types.Read(a, scope))] : [];
        if (constrained is not null)
        {
            return Implementation(constrained, method, scope, arguments);
        }

        if (assemblies.Resolve(method) is not { } definition)
        {
            if (method.DeclaringType is ArrayType)
            {
                // Says what is wrong with arrays of several dimensions, whose members these are.
                types.Read(method.DeclaringType, scope);
            }

            return OfFramework(method, scope, arguments);
        }

        var owner = types.Read(method.DeclaringType, scope);
        if (definition.IsVirtual && definition.DeclaringType.IsInterface && !definition.IsStatic)
        {
            throw new NotInSubset(
                "PW0007", $"{definition.Name} is called on an interface", "make the method generic over a struct that implements it");
        }

        return Of(new MethodInstance(definition, owner, arguments));
    }

    public static CallTarget Of(MethodInstance method)
    {
        var definition = method.Definition;
        if (definition.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "IntrinsicAttribute") is { } intrinsic)
        {
            return new CallTarget.Intrinsic((string)intrinsic.ConstructorArguments[0].Value, method);
        }

        if (definition.IsPInvokeImpl)
        {
            return new CallTarget.Import(method, definition.PInvokeInfo.Module.Name, definition.PInvokeInfo.EntryPoint);
        }

        return definition.HasBody
            ? new CallTarget.Guest(method)
            : throw new NotInSubset("PW0007", $"{method.Shown} has no body", "call a method of a struct or a sealed class");
    }

    /// <summary>The parameters of a method, closed, without <c>this</c>.</summary>
    public ImmutableArray<IlType> Parameters(MethodInstance method) =>
        [.. method.Definition.Parameters.Select(p => types.Read(p.ParameterType, method.Scope))];

    public IlType Result(MethodInstance method) => types.Read(method.Definition.ReturnType, method.Scope);

    /// <summary>The method of a struct that implements an interface's, or null.</summary>
    public MethodInstance? Implementation(IlType type, IlType face, MethodDefinition method, ImmutableArray<IlType> arguments)
    {
        var inFace = new GenericScope(face.Arguments, arguments);
        var inType = new GenericScope(type.Arguments, arguments);
        var fitting = type.Definition!.Methods.Where(m => m.GenericParameters.Count == arguments.Length && m.IsStatic == method.IsStatic &&
            m.Parameters.Count == method.Parameters.Count).Where(m => Fits(m, inType, method, inFace)).ToList();
        var own = fitting.Find(m => m.Overrides.Any(o => o.Name == method.Name && types.Read(o.DeclaringType, inType) == face)) ??
            fitting.Find(m => m.IsPublic && m.Name == method.Name);
        return own is null ? null : new MethodInstance(own, type, arguments);
    }

    private bool Fits(MethodDefinition own, GenericScope inType, MethodReference wanted, GenericScope inFace)
    {
        if (own.Name != wanted.Name && !own.Name.EndsWith($".{wanted.Name}", StringComparison.Ordinal))
        {
            return false;
        }

        // A type that cannot be read, such as object, is none that is wanted.
        return own.Parameters.Select(p => types.TryRead(p.ParameterType, inType)).SequenceEqual(
                wanted.Parameters.Select(p => types.TryRead(p.ParameterType, inFace))) &&
            types.TryRead(own.ReturnType, inType) == types.TryRead(wanted.ReturnType, inFace);
    }

    private CallTarget Implementation(IlType type, MethodReference method, GenericScope scope, ImmutableArray<IlType> arguments)
    {
        var definition = assemblies.Resolve(method);
        if (type.Definition is not { } own)
        {
            if (method is { Name: "ToString", Parameters.Count: 0 })
            {
                throw NotKnown($"{type.Name}.ToString()");
            }

            throw new NotInSubset("PW0008", $"{type.Name} does not implement {method.Name} in the subset", "give the method a struct of yours");
        }

        if (definition is null)
        {
            var inFace = new GenericScope(method.DeclaringType is GenericInstanceType ? ArgumentsOf(method.DeclaringType, scope) : [], arguments);
            var fitting = own.Methods.Where(m => m.Parameters.Count == method.Parameters.Count)
                .Where(m => Fits(m, new GenericScope(type.Arguments, arguments), method, inFace)).ToList();
            var byName = fitting.Find(m => m.HasOverrides) ?? fitting.Find(m => m.Name == method.Name);
            return byName is not null
                ? Of(new MethodInstance(byName, type, arguments))
                : throw new NotInSubset("PW0008", $"{type.Name} has no method {method.Name}", "write one");
        }

        var face = types.Read(method.DeclaringType, scope);
        if (Implementation(type, face, definition, arguments) is { } found)
        {
            return Of(found);
        }

        return definition.HasBody
            ? new CallTarget.Guest(new MethodInstance(definition, face, arguments), OnDefault: true)
            : throw new NotInSubset("PW0008", $"{type.Name} does not implement {face.Name}.{method.Name}", "implement it");
    }

    private CallTarget OfFramework(MethodReference method, GenericScope scope, ImmutableArray<IlType> arguments)
    {
        // The parameters of a generic type's methods are written in the parameters of that type.
        var owner = Owner(method.DeclaringType, scope);
        var inner = new GenericScope(method.DeclaringType is GenericInstanceType ? ArgumentsOf(method.DeclaringType, scope) : [], arguments);
        var name = method.DeclaringType.GetElementType().FullName;
        ImmutableArray<IlType> parameters;
        IlType result;
        try
        {
            parameters = [.. method.Parameters.Select(p => types.Read(p.ParameterType, inner))];
            result = types.Read(method.ReturnType, inner);
        }
        catch (NotInSubset)
        {
            throw NotKnown($"{name}.{method.Name}");
        }

        var call = new CallTarget.Framework(name, method.Name, owner, parameters, arguments, result, method.HasThis);
        return _substitutes.For(call) is { } substitute ? Of(substitute) : call;
    }

    public static NotInSubset NotKnown(string shown) => IsOfTexts(shown)
        ? new("PW0002", $"{shown} is not in the subset", "a string is a literal here: hand it to the SDK as it is")
        : new("PW0004", $"{shown} is not in the subset", "see docs/plugins.md for what is, and the SDK for what replaces it");

    private static bool IsOfTexts(string shown) =>
        shown.StartsWith("System.String.", StringComparison.Ordinal) || shown.EndsWith(".ToString()", StringComparison.Ordinal) ||
        shown.StartsWith("System.MemoryExtensions.AsSpan(string", StringComparison.Ordinal);

    private IlType? Owner(TypeReference type, GenericScope scope) => types.TryRead(type, scope);

    private ImmutableArray<IlType> ArgumentsOf(TypeReference type, GenericScope scope) =>
        [.. ((GenericInstanceType)type).GenericArguments.Select(a => types.Read(a, scope))];
}
