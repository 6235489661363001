namespace Weft.Bpf.Bindings;

/// <summary>An object that is not loaded yet, as generated classes have it: they add its maps, programs and variables by their names.</summary>
public abstract class BoundSpec
{
    /// <param name="spec">The object. Types of records, which the kernel does not take, are taken away from its ring and perf buffers.</param>
    protected BoundSpec(ObjectSpec spec)
    {
        Untyped = spec;
        foreach (var map in spec.Maps.Values)
        {
            if (map.Type == MapType.RingBuffer)
            {
                (map.KeySize, map.ValueSize, map.KeyType, map.ValueType) = (0, 0, 0, 0);
            }
            else if (map.Type == MapType.PerfEventArray)
            {
                (map.KeySize, map.ValueSize, map.KeyType, map.ValueType) = (sizeof(uint), sizeof(uint), 0, 0);
            }
        }
    }

    /// <summary>The object without types.</summary>
    public ObjectSpec Untyped { get; }
}
