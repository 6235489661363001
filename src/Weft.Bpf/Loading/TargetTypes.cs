using Weft.Bpf.Btf;

namespace Weft.Bpf.Loading;

/// <summary>
/// The kernel's types while an object is loaded: opened when the first is asked for, and let go at the end, since they take
/// megabytes.
/// </summary>
internal sealed class TargetTypes(LoadSettings settings) : IDisposable
{
    private readonly Lazy<KernelTypes> _types = new(() => KernelTypes.Load(settings.Kernel));
    private readonly Dictionary<string, BtfObject> _objects = [];
    private IReadOnlyList<BtfSpec>? _modules;

    /// <summary>What fields are looked up in: the kernel's own, or those that stand for them.</summary>
    public BtfSpec Fields => settings.KernelTypes ?? _types.Value.Kernel;

    /// <summary>Those of the loaded modules, where fields are looked up in the kernel's own.</summary>
    public IReadOnlyList<BtfSpec> Modules => _modules ??= settings.KernelTypes is null ? [.. Named().Select(m => m.Types)] : [];

    /// <summary>A type by its name and kind, in the kernel or else in a module.</summary>
    /// <param name="module">The module that alone is looked at; null for all.</param>
    /// <returns>Its id, 0 where there is none; and the module that has it, null for the kernel.</returns>
    public (uint Id, string? Module) Find(string name, BtfKind kind, string? module = null)
    {
        if (module is null or "vmlinux" && _types.Value.Kernel.FindId(name, kind) is var id and not 0)
        {
            return (id, null);
        }

        return Named().Where(m => module is null || m.Name == module)
            .Select(m => (Id: m.Types.FindId(name, kind), Module: (string?)m.Name, m.Types))
            .Where(m => m.Id >= m.Types.FirstId).Select(m => (m.Id, m.Module)).FirstOrDefault();
    }

    /// <summary>The types of the kernel, or those of a module that <see cref="Find"/> has told.</summary>
    public BtfSpec Of(string? module) => (module is null ? _types.Value.Kernel : _types.Value.Module(module))!;

    /// <summary>The descriptor of a module's types in the kernel.</summary>
    /// <exception cref="KernelException">There are none. Needs <c>CAP_SYS_ADMIN</c>.</exception>
    public int Descriptor(string module)
    {
        if (!_objects.TryGetValue(module, out var types))
        {
            types = BtfObjects.OpenModule(module, settings.Kernel);
            _objects[module] = types ?? throw new KernelException(Bpf.Kernel.Errno.NoEntry, $"types of module {module}");
        }

        return types.Descriptor.Number;
    }

    public void Dispose()
    {
        foreach (var types in _objects.Values)
        {
            types.Dispose();
        }

        if (_types.IsValueCreated)
        {
            _types.Value.Dispose();
        }
    }

    private IEnumerable<(string Name, BtfSpec Types)> Named() =>
        _types.Value.ModuleNames.Select(name => (name, Types: _types.Value.Module(name))).Where(m => m.Types is not null)
            .Select(m => (m.name, m.Types!));
}
