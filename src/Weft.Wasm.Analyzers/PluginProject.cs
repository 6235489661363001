using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Weft.Wasm.Analyzers;

/// <summary>What a project has of plugins.</summary>
internal sealed class PluginProject
{
    /// <summary>The project's property that says yes or no where no plugin is found, or where one is not meant.</summary>
    private const string Property = "build_property.WeftPlugin";
    private readonly ImmutableArray<INamedTypeSymbol> _faces;
    private readonly INamedTypeSymbol? _stream;

    public PluginProject(Compilation compilation, CancellationToken cancel)
    {
        _faces = Sdk(compilation, "IHttpPlugin`2", "ITcpPlugin`2");
        _stream = Sdk(compilation, "IStream`1").FirstOrDefault();
        Plugins = _faces.IsEmpty ? [] : [.. Types(compilation.Assembly.GlobalNamespace, cancel).Where(IsPlugin)];
    }

    public ImmutableArray<INamedTypeSymbol> Plugins { get; }

    public bool IsLookedAt(AnalyzerConfigOptions options)
    {
        var says = options.TryGetValue(Property, out var value) ? value.Trim() : "";
        return !_faces.IsEmpty && !says.Equals("false", StringComparison.OrdinalIgnoreCase) &&
            (!Plugins.IsEmpty || says.Equals("true", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether it is the state of a request or a connection.</summary>
    public bool IsStream(INamedTypeSymbol type) =>
        _stream is not null && type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, _stream));

    private bool IsPlugin(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Struct, IsGenericType: false } && type.AllInterfaces.Any(i => _faces.Contains(i.OriginalDefinition, SymbolEqualityComparer.Default));

    // The SDK itself is no plugin.
    private static ImmutableArray<INamedTypeSymbol> Sdk(Compilation compilation, params string[] names) =>
    [
        .. names.Select(n => compilation.GetTypeByMetadataName($"Weft.Wasm.Sdk.{n}")).OfType<INamedTypeSymbol>()
            .Where(t => !SymbolEqualityComparer.Default.Equals(t.ContainingAssembly, compilation.Assembly)),
    ];

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol within, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (var member in within.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
            {
                yield return type;
            }

            foreach (var inner in Types(member, cancel))
            {
                yield return inner;
            }
        }
    }
}
