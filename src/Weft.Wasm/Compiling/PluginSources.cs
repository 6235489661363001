using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Bodies;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling;

/// <summary>What a plugin and its libraries say, which is the same in all passes: types, signatures, bodies.</summary>
internal sealed class PluginSources
{
    private const int MostInlined = 20;
    private const int MostInlinedOnDemand = 60;
    private readonly ConstantFolding _folding;
    private readonly Changes _changes;
    private readonly Dictionary<MethodInstance, ImmutableArray<IlType>> _parameters = [];
    private readonly Dictionary<MethodInstance, IlType> _results = [];
    private readonly Dictionary<MethodInstance, List<Insn>> _bodies = [];
    private readonly Dictionary<MethodInstance, bool> _small = [];

    public PluginSources(AssemblySet assemblies, TypeReader types, Shape? shape)
    {
        (Assemblies, Types) = (assemblies, types);
        Layouts = new LayoutTable(types);
        Calls = new CallResolver(assemblies, types);
        _changes = new Changes(this);
        _folding = new ConstantFolding(assemblies, types, (question, arguments) => question switch
        {
            "type.byte" => Layouts.Of(arguments[0]).Size == 1,
            "type.objects" => Layouts.Of(arguments[0]).HasHeap,
            _ => shape?.IsTracked ?? false,
        });
    }

    public AssemblySet Assemblies { get; }

    public TypeReader Types { get; }

    public LayoutTable Layouts { get; }

    public CallResolver Calls { get; }

    /// <summary>The parameters of a method, with that for <c>this</c>.</summary>
    public ImmutableArray<IlType> Parameters(MethodInstance method)
    {
        if (!_parameters.TryGetValue(method, out var parameters))
        {
            parameters = Calls.Parameters(method);
            parameters = method.Definition.HasThis ? parameters.Insert(0, ThisOf(method)) : parameters;
            _parameters[method] = parameters;
        }

        return parameters;
    }

    public IlType Result(MethodInstance method)
    {
        if (!_results.TryGetValue(method, out var result))
        {
            _results[method] = result = Calls.Result(method);
        }

        return result;
    }

    public List<Insn> Body(MethodInstance method)
    {
        if (!_bodies.TryGetValue(method, out var body))
        {
            body = InsnReader.Read(method.Definition);
            _folding.Fold(body, method.Scope);
            _bodies[method] = body = Straightening.Apply(body);
        }

        return body;
    }

    /// <summary>Whether a method is small and straight enough to be written where it is called.</summary>
    public bool IsSmall(MethodInstance method)
    {
        if (!_small.TryGetValue(method, out var isSmall))
        {
            _small[method] = isSmall = method.Definition.HasBody && FindSmall(method);
        }

        return isSmall;
    }

    private bool FindSmall(MethodInstance method)
    {
        var most = method.Definition.AggressiveInlining ? MostInlinedOnDemand : MostInlined;
        return !method.Definition.NoInlining && !method.Definition.Body.HasExceptionHandlers && Body(method) is { } body && body.Count <= most &&
            body[^1].Code == Code.Ret && body.TrueForAll(i => i == body[^1] || !i.EndsBlock) &&
            body.TrueForAll(i => i.Code is not (Code.Localloc or Code.Starg)) && !TakesAddressOfAddress(method, body);
    }

    // What is passed as an address need not be anywhere: it has none itself.
    private bool TakesAddressOfAddress(MethodInstance method, List<Insn> body) =>
        body.Exists(i => i.Code == Code.Ldarga && Parameters(method)[(int)i.Operand!].Kind == IlKind.Address);

    // What does not change is passed by value: then it needs no memory.
    private IlType ThisOf(MethodInstance method)
    {
        if (method.Owner.IsHeap)
        {
            return method.Owner;
        }

        var isConstant = method.Owner.Kind == IlKind.Struct && !method.Definition.IsConstructor &&
            (IsReadOnly(method.Definition) || IsReadOnly(method.Definition.DeclaringType)) && !method.Definition.DeclaringType.IsInterface;
        return isConstant && !_changes.MayChange(method, method.Owner) ? method.Owner : IlType.ReferenceTo(method.Owner);
    }

    private static bool IsReadOnly(ICustomAttributeProvider member) =>
        member.HasCustomAttributes && member.CustomAttributes.Any(a => a.AttributeType.Name == "IsReadOnlyAttribute");

    /// <summary>A method of the SDK's foundations.</summary>
    public MethodInstance Runtime(string type, string name, params ImmutableArray<IlType> arguments)
    {
        var definition = Assemblies.All.Select(m => m.GetType($"Weft.Wasm.Sdk.Runtime.{type}")).FirstOrDefault(t => t is not null)
            ?.Methods.FirstOrDefault(m => m.Name == name);
        return definition is not null
            ? new MethodInstance(definition, Types.Read(definition.DeclaringType, GenericScope.None), arguments)
            : throw new NotInSubset("PW0013", "this needs the SDK", "refer to Weft.Wasm.Sdk");
    }

    public (ImmutableArray<IlType> Parameters, IlType Result) DelegateSignature(IlType type)
    {
        if (type.Definition is { } definition)
        {
            var invoke = new MethodInstance(definition.Methods.First(m => m.Name == "Invoke"), type, []);
            return (Calls.Parameters(invoke), Calls.Result(invoke));
        }

        return type.Name.Split('`', '<')[0] switch
        {
            "System.Func" => (type.Arguments[..^1], type.Arguments[^1]),
            "System.Predicate" => (type.Arguments, IlType.Bool),
            "System.Comparison" => ([type.Arguments[0], type.Arguments[0]], IlType.Int),
            _ => (type.Arguments, IlType.Void),
        };
    }

    public static bool IsSdk(MethodInstance method) => method.Definition.Module.Assembly.Name.Name == "Weft.Wasm.Sdk";

    /// <summary>Whether it belongs to the foundations of the SDK, which burn their fuel by themselves.</summary>
    public static bool IsTrusted(MethodInstance method) => IsSdk(method) && method.Definition.DeclaringType.Namespace == "Weft.Wasm.Sdk.Runtime" &&
        !method.Definition.CustomAttributes.Any(a => a.AttributeType.Name == "MeteredAttribute");
}
