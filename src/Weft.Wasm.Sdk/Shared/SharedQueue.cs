namespace Weft.Wasm.Sdk;

/// <summary>A queue between plugins. Who registered it is told by <see cref="IPlugin.OnQueueReady"/>.</summary>
public readonly unsafe struct SharedQueue
{
    private SharedQueue(int id)
    {
        Id = (uint)id;
    }

    /// <summary>The queue's number: what <see cref="IPlugin.OnQueueReady"/> gives.</summary>
    public uint Id { get; }

    /// <summary>Makes a queue, or finds it where it was made, and asks to be told of what comes into it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="queue">The queue.</param>
    public static HostStatus Register(Text name, out SharedQueue queue)
    {
        int id = 0, status;
        fixed (byte* n = name.Bytes)
        {
            status = Abi.RegisterSharedQueue(n, name.Length, &id);
        }

        queue = new SharedQueue(id);
        return (HostStatus)status;
    }

    /// <summary>Finds a queue of another plugin.</summary>
    /// <param name="vm">The id of the machine that registered it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="queue">The queue.</param>
    /// <returns><see cref="HostStatus.NotFound"/> where there is none.</returns>
    public static HostStatus Resolve(Text vm, Text name, out SharedQueue queue)
    {
        int id = 0, status;
        fixed (byte* v = vm.Bytes, n = name.Bytes)
        {
            status = Abi.ResolveSharedQueue(v, vm.Length, n, name.Length, &id);
        }

        queue = new SharedQueue(id);
        return (HostStatus)status;
    }

    /// <summary>Puts something into the queue.</summary>
    /// <param name="data">What.</param>
    public HostStatus Enqueue(Text data)
    {
        fixed (byte* d = data.Bytes)
        {
            return (HostStatus)Abi.EnqueueSharedQueue((int)Id, d, data.Length);
        }
    }

    /// <summary>
    /// Takes the oldest out of the queue. Several workers may be told of one thing: one of them gets it.
    /// </summary>
    /// <param name="data">What was in it, gone after the callback.</param>
    /// <returns>Whether there was something.</returns>
    public bool TryDequeue(out ReadOnlySpan<byte> data)
    {
        byte* bytes = null;
        var size = 0;
        var status = Abi.DequeueSharedQueue((int)Id, &bytes, &size);
        data = new ReadOnlySpan<byte>(bytes, size);
        return status == 0;
    }
}
