using System.Reflection.PortableExecutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>
/// The assemblies that are compiled: the plugin's and the libraries that it brings, the SDK among them. What is in none of
/// them is the framework's, known by name alone: no file of the framework is read.
/// </summary>
internal sealed class AssemblySet : IDisposable
{
    private const int LargestDebugTable = 4096;
    private readonly Dictionary<string, ModuleDefinition> _byName = [];

    public AssemblySet(PluginAssembly plugin, IEnumerable<PluginAssembly> libraries)
    {
        Plugin = Add(plugin);
        foreach (var library in libraries)
        {
            Add(library);
        }
    }

    public ModuleDefinition Plugin { get; }

    public IEnumerable<ModuleDefinition> All => _byName.Values;

    /// <summary>The definition of a type, or null for the framework's.</summary>
    public TypeDefinition? Resolve(TypeReference type)
    {
        var element = type.GetElementType();
        if (element is TypeDefinition own)
        {
            return own;
        }

        return _byName.TryGetValue(element.Scope.Name.Replace(".dll", "", StringComparison.Ordinal), out var module)
            ? module.GetType(element.FullName)
            : null;
    }

    public MethodDefinition? Resolve(MethodReference method)
    {
        var element = method.GetElementMethod();
        if (element is MethodDefinition own)
        {
            return own;
        }

        return Resolve(method.DeclaringType) is { } type ? MetadataResolver.GetMethod(type.Methods, element) : null;
    }

    public FieldDefinition? Resolve(FieldReference field) =>
        field as FieldDefinition ?? Resolve(field.DeclaringType)?.Fields.FirstOrDefault(f => f.Name == field.Name);

    public void Dispose()
    {
        foreach (var module in _byName.Values)
        {
            module.Dispose();
        }
    }

    private ModuleDefinition Add(PluginAssembly assembly)
    {
        Check(assembly.Image);
        var parameters = new ReaderParameters(ReadingMode.Deferred) { AssemblyResolver = new Nothing() };
        if (assembly.Symbols is { } symbols)
        {
            parameters.ReadSymbols = true;
            parameters.SymbolStream = new MemoryStream(symbols);
            parameters.SymbolReaderProvider = new PortablePdbReaderProvider();
            parameters.ThrowIfSymbolsAreNotMatching = false;
        }

        var module = ModuleDefinition.ReadModule(new MemoryStream(assembly.Image), parameters);
        _byName[module.Assembly.Name.Name] = module;
        return module;
    }

    // Cecil makes as many entries as the header says that there are: millions, in a file that was tampered with.
    private static void Check(byte[] image)
    {
        var headers = new PEHeaders(new MemoryStream(image));
        if (headers.PEHeader?.DebugTableDirectory.Size > LargestDebugTable)
        {
            throw new BadImageFormatException("its table of debug information is too large");
        }
    }

    /// <summary>What is not in the set is not looked for.</summary>
    private sealed class Nothing : IAssemblyResolver
    {
        public AssemblyDefinition Resolve(AssemblyNameReference name) => throw new AssemblyResolutionException(name);

        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

        public void Dispose()
        {
        }
    }
}
