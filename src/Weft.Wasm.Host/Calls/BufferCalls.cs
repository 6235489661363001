namespace Weft.Wasm.Host;

/// <summary>Bodies, configurations and other bytes.</summary>
internal static class BufferCalls
{
    public static int GetBytes(int buffer, int start, int max, int value, int valueSize)
    {
        var vm = PluginVm.Calling();
        if (!IsBuffer(buffer))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (!vm.Context.TryGetBuffer((BufferKind)buffer, out var bytes))
        {
            return (int)AbiStatus.NotFound;
        }

        if ((ulong)(uint)start + (uint)max > uint.MaxValue)
        {
            return (int)AbiStatus.BadArgument;
        }

        var from = (int)Math.Min((uint)start, (uint)bytes.Length);
        var length = (int)Math.Min((uint)max, (uint)(bytes.Length - from));
        return vm.Give(bytes.Slice(from, length), value, valueSize);
    }

    public static int GetStatus(int buffer, int length, int flags)
    {
        var vm = PluginVm.Calling();
        return !IsBuffer(buffer) ? (int)AbiStatus.BadArgument
            : !vm.Context.TryGetBuffer((BufferKind)buffer, out var bytes) ? (int)AbiStatus.NotFound
            : vm.GiveWords(length, (uint)bytes.Length, flags, 0);
    }

    public static int SetBytes(int buffer, int start, int length, int value, int valueSize)
    {
        var vm = PluginVm.Calling();
        if (!IsBuffer(buffer))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (!vm.Context.TryGetBuffer((BufferKind)buffer, out _))
        {
            return (int)AbiStatus.NotFound;
        }

        return !vm.Memory.TryRead(value, valueSize, out var bytes)
            ? (int)AbiStatus.InvalidMemoryAccess
            : (int)vm.Context.SetBuffer((BufferKind)buffer, (uint)start, (uint)length, bytes);
    }

    private static bool IsBuffer(int buffer) => (uint)buffer <= (uint)BufferKind.ForeignArguments;
}
