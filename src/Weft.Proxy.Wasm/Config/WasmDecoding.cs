using System.Collections.Immutable;
using Envoy.Extensions.Wasm.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>Reads the configuration of Envoy's Wasm filter. What cannot be obeyed is refused.</summary>
internal static class WasmDecoding
{
    private const string RuntimePrefix = "envoy.wasm.runtime.";

    /// <exception cref="WasmConfigException">It asks for what there is not.</exception>
    public static WasmConfig Decode(Envoy.Extensions.Filters.Http.Wasm.V3.Wasm message)
    {
        if (message.Config is not { VmConfig: { } vm } config)
        {
            throw new WasmConfigException("config.vm_config is missing: there is no code to run");
        }

        if (config.CapabilityRestrictionConfig is { AllowedCapabilities.Count: > 0 })
        {
            throw new WasmConfigException("capability_restriction_config is not supported by Weft.Proxy");
        }

        if (vm.Runtime is RuntimePrefix + "null" || vm.Code is null)
        {
            throw new WasmConfigException(
                vm.Code is null ? "vm_config.code is missing" : "the runtime null, of code within Envoy, is not supported by Weft.Proxy");
        }

        return new(Plugin(config), Machine(vm), vm.Code);
    }

    /// <summary>What Envoy gives a plugin of a configuration.</summary>
    public static byte[] Bytes(Any? configuration)
    {
        if (configuration is null)
        {
            return [];
        }

        return configuration.Is(StringValue.Descriptor) ? System.Text.Encoding.UTF8.GetBytes(configuration.Unpack<StringValue>().Value)
            : configuration.Is(BytesValue.Descriptor) ? configuration.Unpack<BytesValue>().Value.ToByteArray()
            : configuration.Is(Struct.Descriptor) ? System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(configuration.Unpack<Struct>()))
            : configuration.Value.ToByteArray();
    }

    private static PluginSettings Plugin(PluginConfig config) => new()
    {
        Name = config.Name,
        RootId = config.RootId,
        Configuration = Bytes(config.Configuration),
        FailurePolicy = YoungerFields.PolicyOf(config) ?? (config.FailOpen ? FailurePolicy.FailOpen : FailurePolicy.FailClosed),
    };

    private static PluginVmSettings Machine(VmConfig vm) => new()
    {
        VmId = vm.VmId,
        Configuration = Bytes(vm.Configuration),
        EnvironmentVariables = Variables(vm.EnvironmentVariables),
    };

    private static ImmutableSortedDictionary<string, string> Variables(EnvironmentVariables? variables)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in variables?.HostEnvKeys ?? [])
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                values[name] = value;
            }
        }

        foreach (var (name, value) in (IEnumerable<KeyValuePair<string, string>>?)variables?.KeyValues ?? [])
        {
            values[name] = value;
        }

        return values.ToImmutable();
    }
}
