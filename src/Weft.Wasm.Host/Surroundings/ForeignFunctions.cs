using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Weft.Wasm.Host;

/// <summary>A function of the host that plugins call by name (<c>proxy_call_foreign_function</c>).</summary>
/// <param name="caller">Who calls: a stream or the plugin itself.</param>
/// <param name="arguments">What the plugin gave; gone after the call.</param>
/// <param name="result">Takes what the plugin gets.</param>
public delegate AbiStatus ForeignFunction(AbiContext caller, ReadOnlySpan<byte> arguments, IBufferWriter<byte> result);

/// <summary>The functions that plugins call by name. It starts with those of Envoy that need nothing else.</summary>
public sealed class ForeignFunctions
{
    private readonly ConcurrentDictionary<string, ForeignFunction> _byName = new();

    /// <summary>A registry with <c>clear_route_cache</c> alone.</summary>
    public ForeignFunctions() => _byName["clear_route_cache"] = ClearRouteCache;

    /// <summary>Offers a function under a name, also instead of one that is there.</summary>
    /// <returns>The registry itself.</returns>
    public ForeignFunctions With(string name, ForeignFunction function)
    {
        _byName[name] = function;
        return this;
    }

    internal ForeignFunction? Find(ReadOnlySpan<byte> name) =>
        name.Length > 256 ? null : _byName.GetValueOrDefault(Encoding.UTF8.GetString(name));

    private static AbiStatus ClearRouteCache(
        AbiContext caller, ReadOnlySpan<byte> arguments, IBufferWriter<byte> result)
    {
        caller.ClearRouteCache();
        return AbiStatus.Ok;
    }
}
