using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>
/// Makes filters of proxy-wasm plugins. One factory serves any number of proxies: what each has of a plugin it has for
/// itself, but for the compiled code, which the proxies of a process share.
/// </summary>
public sealed class WasmFilterFactory : IHttpFilterFactory
{
    private readonly ConditionalWeakTable<HttpFilterHost, SharedState> _shared = [];

    /// <inheritdoc/>
    public string TypeUrl => "type.googleapis.com/" + Envoy.Extensions.Filters.Http.Wasm.V3.Wasm.Descriptor.FullName;

    /// <summary>
    /// Fetches the code where it is elsewhere, compiles it, and starts the plugin with its configuration. What does not
    /// start is rejected.
    /// </summary>
    /// <inheritdoc/>
    public HttpFilterVerdict Create(string name, Any config, HttpFilterHost host)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            var wasm = WasmDecoding.Decode(config.Unpack<Envoy.Extensions.Filters.Http.Wasm.V3.Wasm>());
            var code = CodeSource.Take(wasm, host);
            return HttpFilterVerdict.Accept(WasmFilter.Start(wasm, code, host, _shared.GetOrCreateValue(host)));
        }
        catch (Exception e) when (e is WasmConfigException or PluginException)
        {
            return HttpFilterVerdict.Reject(e.Message);
        }
        catch (InvalidProtocolBufferException e)
        {
            return HttpFilterVerdict.Reject($"the message cannot be read: {e.Message}");
        }
        catch (Exception e)
        {
            // Such as a machine that has no native library for: one resource must not end the proxy.
            return HttpFilterVerdict.Reject($"the plugin cannot be run here: {(e.InnerException ?? e).Message}");
        }
    }
}
