namespace Weft.Wasm.Host;

/// <summary>A plugin calls the host where it may not. It ends the machine, as in Envoy.</summary>
internal sealed class RestrictedCallException(string call, Restriction restriction) : Exception(
    $"restricted_callback: {call} may not be called while the plugin "
    + (restriction == Restriction.Starting ? "starts" : "allocates"));
