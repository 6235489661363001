using System.Buffers;

namespace Weft.Wasm.Host;

/// <summary>
/// What a machine knows by a number: a plugin, or a stream that it looks at. Host calls mean the one whose callback
/// runs, or the one that the plugin has chosen.
/// </summary>
public abstract class AbiContext
{
    private protected AbiContext(PluginVm vm)
    {
        Vm = vm;
        Id = this is VmContext ? 0 : vm.Register(this);
    }

    /// <summary>The number, unique in its machine.</summary>
    public uint Id { get; }

    /// <summary>The machine.</summary>
    public PluginVm Vm { get; }

    /// <summary>The plugin: itself, or the one that looks at the stream.</summary>
    public abstract PluginContext? Plugin { get; }

    /// <summary>Asks the proxy to pick the route anew. Does nothing outside of an HTTP stream.</summary>
    public virtual void ClearRouteCache()
    {
    }

    /// <summary>The headers that a plugin may read now; null where there are none, and why.</summary>
    internal virtual HeaderMap? MapToRead(MapKind kind, out AbiStatus whyNot)
    {
        whyNot = AbiStatus.BadArgument;
        return Plugin?.CallMap(kind);
    }

    internal virtual HeaderMap? MapToWrite(MapKind kind) => null;

    internal virtual void MapChanged(MapKind kind)
    {
    }

    internal virtual bool TryGetBuffer(BufferKind kind, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (kind == BufferKind.VmConfiguration)
        {
            bytes = Vm.Settings.Configuration.Span;
            return true;
        }

        // A part of a stream that is not here now is an empty one.
        return Plugin is { } plugin ? plugin.TryGetCallBuffer(kind, out bytes) : kind <= BufferKind.UpstreamData;
    }

    internal virtual AbiStatus SetBuffer(BufferKind kind, uint start, uint length, ReadOnlySpan<byte> bytes) =>
        TryGetBuffer(kind, out _) ? AbiStatus.BadArgument : AbiStatus.NotFound;

    internal virtual AbiStatus Continue(StreamKind stream) =>
        stream == StreamKind.Upstream ? AbiStatus.Unimplemented : AbiStatus.Ok;

    internal virtual AbiStatus Close(StreamKind stream) => AbiStatus.Ok;

    internal virtual void Answer(LocalResponse response)
    {
    }

    internal bool TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        var name = path.TrimEnd((byte)0);
        if (TryFindProperty(name, value))
        {
            return true;
        }

        if (name.SequenceEqual("plugin_vm_id"u8))
        {
            PropertyValue.Write(value, Vm.Settings.VmId);
            return true;
        }

        return Plugin is { } plugin && plugin.TryGetOwnProperty(name, value);
    }

    internal virtual bool TryFindProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) =>
        Plugin is { } plugin && Vm.Environment.TryGetProperty(plugin, path, value);

    internal virtual AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) => AbiStatus.NotFound;
}
