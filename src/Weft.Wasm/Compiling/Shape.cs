using Mono.Cecil;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling;

/// <summary>An export of the module, and the method behind it.</summary>
/// <param name="OnFault">What it answers where a fault ended it.</param>
internal sealed record PluginExport(string Name, MethodInstance Method, int OnFault, bool IsRaw);

/// <summary>What a plugin consists of: which struct it is, which of the callbacks it has.</summary>
internal sealed class Shape
{
    private readonly IlType _plugin;
    private readonly IlType _stream;
    private readonly IlType _entry;

    private Shape(IlType plugin, IlType stream, IlType entry) => (_plugin, _stream, _entry) = (plugin, stream, entry);

    /// <summary>Whether the module must know its contexts: it keeps something of them, or tells them apart.</summary>
    public bool IsTracked => !IsEmpty(_plugin) || !IsEmpty(_stream) ||
        Shared.Any(member => HasOwn(_stream, member)) || HasOwn(_plugin, "OnHttpCallResponse") || HasOwn(_plugin, "OnGrpcCall");

    private static readonly string[] Shared = ["OnCreate", "OnDone", "OnLog", "OnDelete", "OnHttpCallResponse", "OnGrpcCall"];

    /// <summary>The plugin of an assembly, or null where it has only raw exports.</summary>
    public static Shape? Find(AssemblySet assemblies, TypeReader types)
    {
        var found = assemblies.Plugin.GetTypes().Where(t => t.IsValueType && !t.HasGenericParameters).SelectMany(
            t => t.Interfaces.Select(i => i.InterfaceType).OfType<GenericInstanceType>()
                .Where(i => i.ElementType.FullName is "Weft.Wasm.Sdk.IHttpPlugin`2" or "Weft.Wasm.Sdk.ITcpPlugin`2"),
            (t, i) => (Type: t, Face: i)).ToList();
        if (found.Count == 0)
        {
            return null;
        }

        if (found.Count > 1)
        {
            throw new NotInSubset(
                "PW0014", $"{found[0].Type.Name} and {found[1].Type.Name} are both plugins", "an assembly has one: put the other into its own");
        }

        var (plugin, face) = found[0];
        var entry = face.ElementType.Name == "IHttpPlugin`2" ? "HttpEntry`2" : "TcpEntry`2";
        var definition = assemblies.All.Select(m => m.GetType($"Weft.Wasm.Sdk.Runtime.{entry}")).First(t => t is not null);
        var (self, stream) = (types.Read(plugin, GenericScope.None), types.Read(face.GenericArguments[1], GenericScope.None));
        return new Shape(self, stream, new IlType($"{definition.FullName}<{self},{stream}>", IlKind.Class)
        {
            Arguments = [self, stream],
            Definition = definition,
        });
    }

    /// <summary>All that the module exports.</summary>
    public static IEnumerable<PluginExport> Exports(AssemblySet assemblies, TypeReader types, Shape? shape)
    {
        foreach (var type in assemblies.All.SelectMany(m => m.GetTypes()).Where(t => !t.HasGenericParameters))
        {
            foreach (var method in type.Methods.Where(m => m.HasCustomAttributes))
            {
                if (Attribute(method, "UnmanagedCallersOnlyAttribute") is { } raw && type.Module == assemblies.Plugin)
                {
                    var name = raw.Fields.FirstOrDefault(f => f.Name == "EntryPoint").Argument.Value as string ?? method.Name;
                    yield return new PluginExport(name, new MethodInstance(method, types.Read(type, GenericScope.None), []), 0, IsRaw: true);
                }
                else if (Attribute(method, "ExportAttribute") is { } always)
                {
                    yield return Of(always, new MethodInstance(method, types.Read(type, GenericScope.None), []), isRaw: true);
                }
            }
        }

        foreach (var method in shape?._entry.Definition!.Methods.Where(m => Attribute(m, "ExportAttribute") is not null) ?? [])
        {
            var export = Attribute(method, "ExportAttribute")!;
            if (shape!.Wants(export))
            {
                yield return Of(export, new MethodInstance(method, shape._entry, []), isRaw: false);
            }
        }
    }

    private static PluginExport Of(CustomAttribute export, MethodInstance method, bool isRaw) =>
        new((string)export.ConstructorArguments[0].Value, method, Property(export, "OnFault") as int? ?? 0, isRaw);

    private bool Wants(CustomAttribute export) =>
        (Property(export, "OfPlugin") is string plugin && HasOwn(_plugin, plugin)) ||
        (Property(export, "OfStream") is string stream && HasOwn(_stream, stream)) ||
        (Property(export, "WhenTracked") is true && IsTracked);

    private static bool HasOwn(IlType type, string member) => type.Definition!.Methods.Any(
        m => m.Name == member || (m.IsVirtual && m.Name.EndsWith($".{member}", StringComparison.Ordinal)));

    private static bool IsEmpty(IlType type) => !type.Definition!.Fields.Any(f => !f.IsStatic);

    private static CustomAttribute? Attribute(MethodDefinition method, string name) =>
        method.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == name);

    private static object? Property(CustomAttribute attribute, string name) =>
        attribute.Properties.FirstOrDefault(p => p.Name == name).Argument.Value;
}
