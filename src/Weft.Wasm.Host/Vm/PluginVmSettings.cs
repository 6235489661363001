using System.Collections.Immutable;
using Weft.Wasm.Abi;

namespace Weft.Wasm.Host;

/// <summary>What a machine is made with.</summary>
public sealed record PluginVmSettings
{
    /// <summary>The most memory that a machine can have, in bytes: 1 GiB, as in Envoy.</summary>
    public const long MaxMemory = ProxyWasmAbi.MaxMemoryBytes;

    /// <summary>What Envoy calls <c>vm_id</c>: machines with the same one share values and queues.</summary>
    public string VmId { get; init; } = "";

    /// <summary>The machine's configuration, which <c>proxy_on_vm_start</c> reads.</summary>
    public ReadOnlyMemory<byte> Configuration { get; init; }

    /// <summary>What the plugin finds in its environment variables.</summary>
    public ImmutableSortedDictionary<string, string> EnvironmentVariables { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>
    /// The most memory, in bytes, at most <see cref="MaxMemory"/>. A plugin that asks for more gets nothing.
    /// </summary>
    public long MemoryLimit { get; init; } = MaxMemory;

    /// <summary>
    /// How long one callback may take. One that takes longer is ended, and the machine with it. Envoy with V8 has no
    /// such limit; <see cref="Timeout.InfiniteTimeSpan"/> sets none here either.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(1);
}
