using System.Runtime.InteropServices;

namespace Weft.Bpf;

/// <summary>
/// What one attachment has written into the maps that <c>usdt.bpf.h</c> puts beside a program. It is taken back when it is
/// disposed.
/// </summary>
internal sealed class UsdtMaps : IDisposable
{
    public const string Specs = "__bpf_usdt_specs";
    private const string Addresses = "__bpf_usdt_ip_to_spec_id";

    private readonly BpfMap _specs;
    private readonly UsdtLayout _layout;
    private readonly BpfMap? _addresses;
    private readonly List<byte[]> _values = [];
    private readonly List<ulong> _written = [];

    private UsdtMaps(BpfMap specs, BpfMap? addresses)
    {
        (_specs, _layout) = (specs, UsdtLayout.Of(specs));

        // The object may be disposed before the link.
        _addresses = addresses?.Duplicate();
    }

    /// <summary>Of a program; null where it asks for no arguments.</summary>
    /// <param name="hasCookies">Whether the kernel tells a program which place it runs for; else it finds that by its address.</param>
    public static UsdtMaps? Of(BpfProgram program, bool hasCookies) =>
        program.Needs is IReadOnlyDictionary<string, BpfMap> maps && maps.TryGetValue(Specs, out var specs)
            ? new(specs, hasCookies ? null : maps.GetValueOrDefault(Addresses))
            : null;

    /// <summary>Tells the program of a place.</summary>
    /// <returns>The cookie to attach with, where the kernel has cookies.</returns>
    public uint Add(UsdtPlace place, ulong cookie)
    {
        var value = _layout.Value(place.Arguments, cookie);
        var number = _specs.UsdtSlots.Take(value, (number, bytes) => _specs.Update(Bytes(number), bytes));
        _values.Add(value);
        if (_addresses is not null)
        {
            // Two attachments of one place would each want another element.
            if (!_addresses.TryUpdate(Bytes(place.Address), Bytes(number), MapUpdate.NotExisting))
            {
                throw new BpfNotSupportedException(
                    $"address 0x{place.Address:x} is attached to already: before Linux 5.15 programs of one object cannot share a place of USDT");
            }

            _written.Add(place.Address);
        }

        return number;
    }

    public void Dispose()
    {
        using (_addresses)
        {
            _written.ForEach(address => _addresses!.TryDelete(Bytes(address)));
        }

        _values.ForEach(_specs.UsdtSlots.Give);
    }

    private static ReadOnlySpan<byte> Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in value, 1));
}
