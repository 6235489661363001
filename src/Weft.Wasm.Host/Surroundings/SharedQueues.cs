namespace Weft.Wasm.Host;

/// <summary>
/// Queues by machine id and name. Whoever has registered a queue last is told when something is put in; whoever knows
/// its number may take it out.
/// </summary>
internal sealed class SharedQueues(Lock gate)
{
    /// <summary>The most that lies in one queue, in bytes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int MaxQueues = 10_000;
    private readonly Dictionary<(string VmId, ByteKey Name), uint> _tokens = [];
    private readonly Dictionary<uint, Queue> _queues = [];
    private uint _lastToken;

    public AbiStatus Register(string vmId, ReadOnlySpan<byte> name, PluginContext consumer, out uint token)
    {
        lock (gate)
        {
            var key = (vmId, new ByteKey(name));
            if (!_tokens.TryGetValue(key, out token))
            {
                if (_queues.Count >= MaxQueues)
                {
                    return AbiStatus.InternalFailure;
                }

                _tokens[key] = token = ++_lastToken;
                _queues[token] = new();
            }

            _queues[token].Consumer = consumer;
            return AbiStatus.Ok;
        }
    }

    public AbiStatus Resolve(string vmId, ReadOnlySpan<byte> name, out uint token)
    {
        lock (gate)
        {
            return _tokens.TryGetValue((vmId, new ByteKey(name)), out token) ? AbiStatus.Ok : AbiStatus.NotFound;
        }
    }

    public AbiStatus Enqueue(uint token, ReadOnlySpan<byte> item)
    {
        PluginContext? consumer;
        lock (gate)
        {
            if (!_queues.TryGetValue(token, out var queue))
            {
                return AbiStatus.NotFound;
            }

            if (queue.Bytes + item.Length > MaxBytes || queue.Items.Count >= MaxBytes / 64)
            {
                return AbiStatus.InternalFailure;
            }

            queue.Items.Enqueue(item.ToArray());
            queue.Bytes += item.Length;
            consumer = queue.Consumer;
        }

        // Without the lock: the consumer may be of another worker, or this very one.
        consumer?.Vm.Environment.Post(() => consumer.OnQueueReady(token));
        return AbiStatus.Ok;
    }

    public AbiStatus Dequeue(uint token, out byte[] item)
    {
        item = [];
        lock (gate)
        {
            if (!_queues.TryGetValue(token, out var queue))
            {
                return AbiStatus.NotFound;
            }

            if (!queue.Items.TryDequeue(out var first))
            {
                return AbiStatus.Empty;
            }

            queue.Bytes -= first.Length;
            item = first;
            return AbiStatus.Ok;
        }
    }

    public void Forget(string vmId)
    {
        foreach (var (key, token) in _tokens.Where(t => t.Key.VmId == vmId).ToList())
        {
            _tokens.Remove(key);
            _queues.Remove(token);
        }
    }

    private sealed class Queue
    {
        public Queue<byte[]> Items { get; } = new();

        public long Bytes { get; set; }

        public PluginContext? Consumer { get; set; }
    }
}
