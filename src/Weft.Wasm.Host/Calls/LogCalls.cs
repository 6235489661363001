namespace Weft.Wasm.Host;

/// <summary>The log.</summary>
internal static class LogCalls
{
    public static int Log(int level, int message, int size)
    {
        if ((uint)level > (uint)PluginLogLevel.Critical)
        {
            return (int)AbiStatus.BadArgument;
        }

        var vm = PluginVm.CallingAnywhere();
        if (!vm.Memory.TryRead(message, size, out var bytes))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        vm.Log(vm.Context.Plugin, (PluginLogLevel)level, bytes);
        return (int)AbiStatus.Ok;
    }

    public static int GetLogLevel(int level)
    {
        var vm = PluginVm.Calling();
        return vm.Give(level, (uint)vm.Environment.LogLevel);
    }
}
