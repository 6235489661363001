using Weft.Testing;
using Weft.Wasm.Modules;
using Weft.Wasm.Tests.Checking;
using static Weft.Wasm.Tests.Modules.ModuleBytes;

namespace Weft.Wasm.Tests.Modules;

public sealed class ModuleListingTests
{
    [Fact]
    public void A_module_on_one_screen() =>
        Golden.Matches(ModuleListing.Of(WasmModule.Read(Seeds.Small["memory"])), "listings/memory.txt");

    [Fact]
    public void A_plugin_on_one_screen() => Golden.Matches(
        ModuleListing.Of(WasmModule.Read(new PluginText
        {
            Imports = PluginText.Import("env", "proxy_log", "(param i32 i32 i32) (result i32)"),
        }.Bytes)),
        "listings/plugin.txt");

    [Fact]
    public void An_empty_module_has_a_listing_too() =>
        Assert.Equal(
            "8 B, 0 functions, no memory\nsections\nimports: none\nexports: none\nlargest functions: none\n",
            ModuleListing.Of(WasmModule.Read(Header)));

    [Fact]
    public void Names_cannot_command_a_terminal_or_fill_it()
    {
        byte[] bytes = [.. Header, .. Custom("\u001b[2J\n" + new string('x', 500), [])];
        var listing = ModuleListing.Of(WasmModule.Read(bytes));
        Assert.DoesNotContain('\u001b', listing);
        Assert.All(listing.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void A_thousand_imports_are_counted_not_listed()
    {
        var imports = string.Concat(Enumerable.Range(0, 1000).Select(i => PluginText.Import("env", $"f{i}", "")));
        var listing = ModuleListing.Of(WasmModule.Read(new PluginText { Imports = imports }.Bytes));
        Assert.Contains("… and 976 more", listing, StringComparison.Ordinal);
        Assert.InRange(listing.Split('\n').Length, 20, 70);
    }
}
