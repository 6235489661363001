using System.Collections.Immutable;
using Weft.Bpf.Loading;

namespace Weft.Bpf;

/// <summary>
/// An object in the kernel: its maps and programs. It keeps them there until it is disposed, or what is pinned or attached
/// for longer.
/// </summary>
public sealed class BpfObject : IDisposable
{
    private readonly IReadOnlyList<BpfMap> _own;

    internal BpfObject(
        ObjectSpec spec, IReadOnlyDictionary<string, BpfMap> maps, IReadOnlyList<BpfMap> own,
        IReadOnlyDictionary<string, BpfProgram> programs, ImmutableArray<ProgramResult> results)
    {
        Spec = spec;
        Maps = maps;
        _own = own;
        Programs = programs;
        Results = results;
    }

    /// <summary>What it was loaded from.</summary>
    public ObjectSpec Spec { get; }

    /// <summary>Its maps by their names.</summary>
    public IReadOnlyDictionary<string, BpfMap> Maps { get; }

    /// <summary>Its programs that are loaded, by their names.</summary>
    public IReadOnlyDictionary<string, BpfProgram> Programs { get; }

    /// <summary>What <see cref="LoadSettings.Choice"/> has attached, by the programs' names.</summary>
    public IReadOnlyDictionary<string, BpfLink> Links { get; internal init; } = new Dictionary<string, BpfLink>();

    /// <summary>What became of <see cref="LoadSettings.Choice"/>; null where there was none.</summary>
    public ChoiceReport? Choice { get; internal init; }

    /// <summary>What has loaded it: never <see cref="BpfBackend.Automatic"/>.</summary>
    public BpfBackend Backend => Native is null ? BpfBackend.Managed : BpfBackend.Libbpf;

    /// <summary>What libbpf has of it; null where it was not loaded by libbpf.</summary>
    internal IDisposable? Native { get; init; }

    /// <summary>What became of each program that was to be loaded.</summary>
    public ImmutableArray<ProgramResult> Results { get; }

    /// <summary>Loads an object.</summary>
    /// <param name="spec">The object.</param>
    /// <param name="settings">How; null for the settings that are usual.</param>
    /// <exception cref="KernelException">The kernel refused a map or a program; nothing is loaded.</exception>
    /// <exception cref="BpfFormatException">The object is damaged, or for another machine.</exception>
    /// <exception cref="BpfNotSupportedException">The back-end cannot do it.</exception>
    public static BpfObject Load(ObjectSpec spec, LoadSettings? settings = null) => Backends.Load(spec, settings ?? new());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in Links.Values)
        {
            link.Dispose();
        }

        foreach (var program in Programs.Values)
        {
            program.Dispose();
        }

        foreach (var map in _own)
        {
            map.Dispose();
        }

        Native?.Dispose();
    }
}
