namespace Weft.Wasm.Host;

/// <content>What the host gives a plugin, and takes of it for the log.</content>
public sealed partial class PluginVm
{
    private const int MaxLine = 1024 * 1024;

    /// <summary>Gets memory of the plugin's own allocator.</summary>
    internal bool TryAllocate(int size, out int address, out Span<byte> bytes)
    {
        var (restriction, context, effective) = (_restriction, _context, _effective);
        (_restriction, _context, _effective) = (Restriction.Allocating, _own, 0);
        address = _exports.Allocate!(size);
        (_restriction, _context, _effective) = (restriction, context, effective);
        bytes = default;
        return address != 0 && Memory.TryGet(address, size, out bytes);
    }

    /// <summary>Gives the plugin a value: in memory of its own, with address and size where it wants them.</summary>
    internal int Give(ReadOnlySpan<byte> value, int addressAt, int sizeAt)
    {
        var address = 0;
        if (!value.IsEmpty)
        {
            if (!TryAllocate(value.Length, out address, out var target))
            {
                return (int)AbiStatus.InvalidMemoryAccess;
            }

            value.CopyTo(target);
        }

        return GiveWords(addressAt, (uint)address, sizeAt, (uint)value.Length);
    }

    internal int Give(int at, uint value) =>
        (int)(Memory.TryWrite(at, value) ? AbiStatus.Ok : AbiStatus.InvalidMemoryAccess);

    internal int Give(int at, ulong value) =>
        (int)(Memory.TryWrite(at, value) ? AbiStatus.Ok : AbiStatus.InvalidMemoryAccess);

    internal int GiveWords(int firstAt, uint first, int secondAt, uint second) =>
        (int)(Memory.TryWrite(firstAt, first) && Memory.TryWrite(secondAt, second)
            ? AbiStatus.Ok
            : AbiStatus.InvalidMemoryAccess);

    internal void Log(PluginContext? plugin, PluginLogLevel level, ReadOnlySpan<byte> message)
    {
        if (level >= Environment.LogLevel)
        {
            Environment.Log(plugin, level, message[..Math.Min(message.Length, MaxLine)]);
        }
    }
}
