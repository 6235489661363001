using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weft.Bpf.Btf;

namespace Weft.Bpf;

/// <summary>Compares types of C# with the key and the value of a map, and tells all that differs.</summary>
internal sealed class TypeComparison
{
    private readonly BpfMap _map;
    private readonly BtfSpec? _types;
    private readonly List<string> _differences = [];
    private readonly (uint Key, uint Value) _ids;

    public TypeComparison(BpfMap map)
    {
        _map = map;
        _types = map.Spec.Types ?? MapTypes.Of(map);
        _ids = (map.Spec.KeyType, map.Spec.ValueType);
    }

    public TypeComparison Key<[DynamicallyAccessedMembers(StructFields.Needed)] T>()
        where T : unmanaged => Compare<T>("key", _map.KeySize, _ids.Key);

    public TypeComparison Value<[DynamicallyAccessedMembers(StructFields.Needed)] T>(int size)
        where T : unmanaged => Compare<T>("value", size, _ids.Value);

    /// <exception cref="MapMismatchException">They differ.</exception>
    public void ThrowIfAny()
    {
        if (_differences.Count > 0)
        {
            throw new MapMismatchException(_map.Name, _differences);
        }
    }

    private TypeComparison Compare<[DynamicallyAccessedMembers(StructFields.Needed)] T>(string role, int size, uint id)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != size)
        {
            _differences.Add($"{typeof(T).Name} has {Unsafe.SizeOf<T>()} bytes, but its {role} has {size}");
        }

        if (_types is { } types && id != 0 && types.Get(types.Skip(id)) is BtfComposite { Kind: BtfKind.Struct } composite)
        {
            foreach (var difference in StructComparison.Of(typeof(T).Name, StructFields.Of<T>(), types, composite))
            {
                _differences.Add($"{role}: {difference}");
            }
        }

        return this;
    }
}
