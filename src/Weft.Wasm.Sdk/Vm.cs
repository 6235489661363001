namespace Weft.Wasm.Sdk;

/// <summary>What concerns the machine and its contexts.</summary>
public static unsafe class Vm
{
    /// <summary>Says that what <c>OnDone</c> asked the proxy to wait for is over.</summary>
    public static HostStatus Done() => (HostStatus)Abi.Done();

    /// <summary>
    /// Makes what follows in this callback concern another stream, or the plugin: to continue a request in
    /// <see cref="IPlugin.OnTick"/> for example.
    /// </summary>
    /// <param name="context">The stream's or the plugin's number.</param>
    /// <returns><see cref="HostStatus.BadArgument"/> where there is none with this number any more.</returns>
    public static HostStatus SetEffectiveContext(uint context) => (HostStatus)Abi.SetEffectiveContext((int)context);

    /// <summary>
    /// Makes the proxy choose the route anew. Envoy does it after each change of the request's headers; one whose ABI
    /// is newer than 0.2.1 does it only when it is asked.
    /// </summary>
    public static HostStatus ClearRouteCache() => CallForeign("clear_route_cache"u8, default, out _);

    /// <summary>Calls a function that this proxy offers beyond the ABI.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="argument">What it takes; of what form says its documentation.</param>
    /// <param name="result">What it gives, gone after the callback.</param>
    /// <returns><see cref="HostStatus.NotFound"/> where this proxy has no such function.</returns>
    public static HostStatus CallForeign(scoped Text function, scoped Text argument, out ReadOnlySpan<byte> result)
    {
        byte* bytes = null;
        int size = 0, status;
        fixed (byte* f = function.Bytes, a = argument.Bytes)
        {
            status = Abi.CallForeignFunction(f, function.Length, a, argument.Length, &bytes, &size);
        }

        result = new ReadOnlySpan<byte>(bytes, size);
        return (HostStatus)status;
    }
}
