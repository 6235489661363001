using Envoy.Config.Core.V3;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>A plugin as its resource describes it.</summary>
/// <param name="Code">Where its module is.</param>
internal sealed record WasmConfig(PluginSettings Plugin, PluginVmSettings Vm, AsyncDataSource Code);

/// <summary>A resource cannot be taken.</summary>
/// <param name="message">Why, for the operator of the control plane.</param>
internal sealed class WasmConfigException(string message) : Exception(message);
