using System.Text;

namespace Weft.Wasm.Host;

/// <summary>What machines with the same id share.</summary>
internal static class SharedCalls
{
    private const int MaxName = 4096;

    public static int GetData(int key, int keySize, int value, int valueSize, int cas)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(key, keySize, out var name))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        var status = vm.Environment.Shared.Data.Get(vm.Settings.VmId, name, out var found, out var number);
        if (status != AbiStatus.Ok)
        {
            return (int)status;
        }

        var given = vm.Give(found, value, valueSize);
        return given == (int)AbiStatus.Ok ? vm.Give(cas, number) : given;
    }

    public static int SetData(int key, int keySize, int value, int valueSize, int cas)
    {
        var vm = PluginVm.Calling();
        return vm.Memory.TryRead(key, keySize, out var name) && vm.Memory.TryRead(value, valueSize, out var bytes)
            ? (int)vm.Environment.Shared.Data.Set(vm.Settings.VmId, name, bytes, (uint)cas)
            : (int)AbiStatus.InvalidMemoryAccess;
    }

    public static int RegisterQueue(int name, int nameSize, int token)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(name, nameSize, out var queue))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (queue.Length > MaxName)
        {
            return (int)AbiStatus.BadArgument;
        }

        var plugin = vm.Context.Plugin!;
        var status = vm.Environment.Shared.Queues.Register(vm.Settings.VmId, queue, plugin, out var number);
        return status == AbiStatus.Ok ? vm.Give(token, number) : (int)status;
    }

    public static int ResolveQueue(int vmId, int vmIdSize, int name, int nameSize, int token)
    {
        var vm = PluginVm.Calling();
        if (!vm.Memory.TryRead(vmId, vmIdSize, out var id) || !vm.Memory.TryRead(name, nameSize, out var queue))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (id.Length > MaxName || queue.Length > MaxName)
        {
            return (int)AbiStatus.NotFound;
        }

        var owner = id.IsEmpty ? vm.Settings.VmId : Encoding.UTF8.GetString(id);
        var status = vm.Environment.Shared.Queues.Resolve(owner, queue, out var number);
        return status == AbiStatus.Ok ? vm.Give(token, number) : (int)status;
    }

    public static int Enqueue(int token, int item, int itemSize)
    {
        var vm = PluginVm.Calling();
        return vm.Memory.TryRead(item, itemSize, out var bytes)
            ? (int)vm.Environment.Shared.Queues.Enqueue((uint)token, bytes)
            : (int)AbiStatus.InvalidMemoryAccess;
    }

    public static int Dequeue(int token, int item, int itemSize)
    {
        var vm = PluginVm.Calling();
        var status = vm.Environment.Shared.Queues.Dequeue((uint)token, out var found);
        return status == AbiStatus.Ok ? vm.Give(found, item, itemSize) : (int)status;
    }
}
