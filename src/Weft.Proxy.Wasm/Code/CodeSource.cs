using System.Text;
using Envoy.Config.Core.V3;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>Gets a plugin's module from where its resource says.</summary>
internal static class CodeSource
{
    /// <exception cref="WasmConfigException">The module cannot be had.</exception>
    /// <exception cref="PluginException">It breaks a rule of the hosts.</exception>
    public static CompiledModules.Lease Take(WasmConfig config, HttpFilterHost host)
    {
        var name = config.Plugin.Name;
        switch (config.Code.SpecifierCase)
        {
            case AsyncDataSource.SpecifierOneofCase.Local:
                return CompiledModules.Take(name, Local(config.Code.Local));
            case AsyncDataSource.SpecifierOneofCase.Remote:
                var remote = config.Code.Remote;
                var sha256 = remote.Sha256.ToLowerInvariant();
                if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
                {
                    throw new WasmConfigException("vm_config.code.remote.sha256 is not a SHA-256 in hexadecimal digits");
                }

                return CompiledModules.Find(name, sha256)
                    ?? CompiledModules.Take(name, CodeFetch.Fetch(remote, sha256, host));
            default:
                throw new WasmConfigException("vm_config.code is empty");
        }
    }

    private static ReadOnlySpan<byte> Local(DataSource source) => source.SpecifierCase switch
    {
        DataSource.SpecifierOneofCase.InlineBytes => source.InlineBytes.Span,
        DataSource.SpecifierOneofCase.InlineString => Encoding.UTF8.GetBytes(source.InlineString),
        _ => throw new WasmConfigException(
            $"vm_config.code.local.{source.SpecifierCase} is not supported by Weft.Proxy: code stands inline or is remote"),
    };
}
