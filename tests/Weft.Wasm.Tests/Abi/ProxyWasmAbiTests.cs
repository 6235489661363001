using System.Text;
using Weft.Testing;
using Weft.Wasm.Abi;
using Weft.Wasm.Modules;
using Weft.Wasm.Tests.Modules;

namespace Weft.Wasm.Tests.Abi;

public sealed class ProxyWasmAbiTests
{
    [Fact]
    public void The_ABI_as_people_read_it()
    {
        var text = new StringBuilder();
        foreach (var import in ProxyWasmAbi.Imports.Where(i => i.Module != ProxyWasmAbi.WasiUnstable))
        {
            var stub = import.Support == AbiSupport.Stub ? ", stub" : "";
            text.Append($"import {import.Module}.{import.Name} {import.Type} {Numbers(import.Versions)}{stub}\n");
        }

        foreach (var export in ProxyWasmAbi.Exports)
        {
            text.Append($"export {export.Name} {export.Type} {Numbers(export.Versions)}\n");
        }

        Golden.Matches(text.ToString(), "proxy-wasm.txt");
    }

    [Fact]
    public void Both_names_of_WASI_offer_the_same()
    {
        var (today, before) = (Of(ProxyWasmAbi.Wasi), Of(ProxyWasmAbi.WasiUnstable));
        Assert.NotEmpty(today);
        Assert.Equal(today, before);

        static IEnumerable<AbiImport> Of(string module) =>
            ProxyWasmAbi.Imports.Where(i => i.Module == module).Select(i => i with { Module = "" });
    }

    [Fact]
    public void What_the_proxy_offers_answers_with_a_status() => Assert.All(
        ProxyWasmAbi.Imports.Where(i => i.Name.StartsWith("proxy_", StringComparison.Ordinal)),
        i => Assert.Equal([WasmType.I32], i.Type.Results));

    [Fact]
    public void A_version_is_told_by_its_marker()
    {
        Assert.All(ProxyWasmAbi.Versions, v => Assert.Equal(v, ProxyWasmAbi.VersionOf(ProxyWasmAbi.MarkerOf(v))));
        Assert.Equal("proxy_abi_version_0_2_1", ProxyWasmAbi.MarkerOf(AbiVersions.Version021));
        Assert.Equal(AbiVersions.None, ProxyWasmAbi.VersionOf("proxy_abi_version_0_3_0"));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProxyWasmAbi.MarkerOf(AbiVersions.From020));
    }

    [Fact]
    public void A_function_is_found_by_name_and_version()
    {
        Assert.Equal("(i32, i32) -> i32", ProxyWasmAbi.FindExport("proxy_on_request_headers", AbiVersions.Version010)?.Type.ToString());
        Assert.Equal("(i32, i32, i32) -> i32", ProxyWasmAbi.FindExport("proxy_on_request_headers", AbiVersions.Version021)?.Type.ToString());
        Assert.Null(ProxyWasmAbi.FindExport("proxy_on_foreign_function", AbiVersions.Version010));
        Assert.Null(ProxyWasmAbi.FindExport("proxy_on_nothing", AbiVersions.All));
        Assert.Equal(AbiVersions.Version010, ProxyWasmAbi.FindImport("env", "proxy_clear_route_cache")?.Versions);
        Assert.Null(ProxyWasmAbi.FindImport("wasi_snapshot_preview1", "proxy_log"));
    }

    [Fact]
    public void Foreign_plugins_import_and_export_what_it_says()
    {
        Assert.All(Seeds.Foreign().Values, bytes =>
        {
            var module = WasmModule.Read(bytes);
            Assert.All(module.Imports, i => Assert.Equal(i.Function, ProxyWasmAbi.FindImport(i.Module, i.Name)?.Type));
            var callbacks = module.Exports.Where(e => e.Name.StartsWith("proxy_on_", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(callbacks);
            Assert.All(callbacks, e => Assert.Equal(
                module.Functions[(int)e.Index].Type, ProxyWasmAbi.FindExport(e.Name, AbiVersions.Version021)?.Type));
        });
    }

    private static string Numbers(AbiVersions versions) =>
        string.Join(' ', ProxyWasmAbi.Versions.Where(v => (v & versions) != 0).Select(ProxyWasmAbi.NumberOf));
}
