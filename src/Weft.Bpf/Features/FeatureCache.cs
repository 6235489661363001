using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>What was found out about one kernel. Two who ask at the same time may both try, which does no harm.</summary>
internal sealed class FeatureCache
{
    private static readonly ConditionalWeakTable<IKernel, FeatureCache> Caches = new();

    private readonly ConcurrentDictionary<object, FeatureAnswer> _answers = new();
    private readonly Lazy<bool> _isBpfAllowed;
    private readonly Lazy<ProbeTargets> _targets;
    private readonly Lazy<uint> _version;

    private FeatureCache(IKernel kernel)
    {
        _isBpfAllowed = new(() => TinyProgram.Load(kernel, ProgramType.SocketFilter) is var result and >= 0 && kernel.Close((int)result) >= 0);
        _targets = new(() => ProbeTargets.Read(kernel));
        _version = new(() => KernelVersion.Read(kernel));
    }

    /// <summary>Whether the simplest of all programs is taken.</summary>
    public bool IsBpfAllowed => _isBpfAllowed.Value;

    public ProbeTargets Targets => _targets.Value;

    public uint Version => _version.Value;

    public static FeatureCache Of(IKernel kernel) => Caches.GetValue(kernel, static kernel => new(kernel));

    public FeatureAnswer Answer<TKey>(TKey key, Func<TKey, FeatureAnswer> ask)
        where TKey : notnull => _answers.GetOrAdd(key, static (key, ask) => ask((TKey)key), ask);
}
