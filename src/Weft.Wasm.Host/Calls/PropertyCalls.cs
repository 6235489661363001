using System.Buffers;

namespace Weft.Wasm.Host;

/// <summary>Properties, configuration and functions by name: what is looked up.</summary>
internal static class PropertyCalls
{
    private const int MaxKeptBuffer = 64 * 1024;

    // One for each thread, since a machine may well be one of thousands.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _value;

    public static int Get(int path, int pathSize, int value, int valueSize)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(path, pathSize, out var name))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        var found = Rent();
        return vm.Context.TryGetProperty(name, found)
            ? vm.Give(found.WrittenSpan, value, valueSize)
            : (int)AbiStatus.NotFound;
    }

    public static int Set(int path, int pathSize, int value, int valueSize)
    {
        var vm = PluginVm.Calling();
        return vm.Memory.TryRead(path, pathSize, out var name) && vm.Memory.TryRead(value, valueSize, out var bytes)
            ? (int)vm.Context.SetProperty(name, bytes)
            : (int)AbiStatus.InvalidMemoryAccess;
    }

    public static int GetConfiguration(int value, int valueSize)
    {
        var vm = PluginVm.Calling();
        return vm.Give(vm.Context.Plugin!.CurrentConfiguration, value, valueSize);
    }

    public static int CallForeignFunction(int name, int nameSize, int value, int valueSize, int result, int resultSize)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(name, nameSize, out var text) || !vm.Memory.TryRead(value, valueSize, out var arguments))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (vm.Environment.ForeignFunctions.Find(text) is not { } function)
        {
            return (int)AbiStatus.NotFound;
        }

        var found = Rent();
        var status = function(vm.Context, arguments, found);
        var given = GiveResult(vm, found.WrittenSpan, result, resultSize);
        return given == (int)AbiStatus.Ok ? (int)status : given;
    }

    // Either address may be null: the plugin does not want to know.
    private static int GiveResult(PluginVm vm, ReadOnlySpan<byte> found, int result, int resultSize)
    {
        var address = 0;
        if (result != 0 && !found.IsEmpty)
        {
            if (!vm.TryAllocate(found.Length, out address, out var target))
            {
                return (int)AbiStatus.InvalidMemoryAccess;
            }

            found.CopyTo(target);
        }

        var isGiven = (result == 0 || vm.Memory.TryWrite(result, (uint)address))
            && (resultSize == 0 || vm.Memory.TryWrite(resultSize, (uint)found.Length));
        return (int)(isGiven ? AbiStatus.Ok : AbiStatus.InvalidMemoryAccess);
    }

    private static ArrayBufferWriter<byte> Rent()
    {
        if (_value is not { Capacity: <= MaxKeptBuffer })
        {
            return _value = new(256);
        }

        _value.ResetWrittenCount();
        return _value;
    }
}
