namespace Weft.Wasm.Host;

/// <summary>Values by key for each machine id. Each write gives a value a new number, never zero.</summary>
internal sealed class SharedData(Lock gate)
{
    /// <summary>The most that all values of an id take, with their keys, in bytes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    // What a value costs besides its bytes.
    private const int EntryBytes = 64;
    private readonly Dictionary<string, Values> _byId = [];
    private uint _lastCas;

    public AbiStatus Get(string vmId, ReadOnlySpan<byte> key, out byte[] value, out uint cas)
    {
        lock (gate)
        {
            if (_byId.TryGetValue(vmId, out var values) && values.ByKey.TryGetValue(new(key), out var found))
            {
                (value, cas) = found;
                return AbiStatus.Ok;
            }
        }

        (value, cas) = ([], 0);
        return AbiStatus.NotFound;
    }

    /// <param name="cas">The number that the value must have; zero writes in any case.</param>
    public AbiStatus Set(string vmId, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, uint cas)
    {
        if (key.Length > MaxBytes)
        {
            return AbiStatus.InternalFailure;
        }

        lock (gate)
        {
            if (!_byId.TryGetValue(vmId, out var values))
            {
                _byId[vmId] = values = new();
            }

            var name = new ByteKey(key);
            var exists = values.ByKey.TryGetValue(name, out var former);
            if (exists && cas != 0 && cas != former.Cas)
            {
                return AbiStatus.CasMismatch;
            }

            var bytes = values.Bytes + value.Length - (exists ? former.Value.Length : -key.Length - EntryBytes);
            if (bytes > MaxBytes)
            {
                return AbiStatus.InternalFailure;
            }

            values.Bytes = bytes;
            values.ByKey[name] = (value.ToArray(), _lastCas = _lastCas == uint.MaxValue ? 1 : _lastCas + 1);
            return AbiStatus.Ok;
        }
    }

    public void Forget(string vmId) => _byId.Remove(vmId);

    private sealed class Values
    {
        public Dictionary<ByteKey, (byte[] Value, uint Cas)> ByKey { get; } = [];

        public long Bytes { get; set; }
    }
}
