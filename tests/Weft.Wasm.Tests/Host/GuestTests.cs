using Weft.Wasm.Host.Testing;

namespace Weft.Wasm.Tests.Host;

/// <summary>What tests of host calls have in common.</summary>
internal static class GuestTests
{
    public static PluginTest Run(GuestModule guest, string configuration = "", PluginTestSettings? settings = null) =>
        PluginTest.FromText(guest.ToString(), configuration, settings);

    /// <summary>What a plugin logs when a request comes.</summary>
    public static string[] LogOf(GuestModule guest, params (string Name, string Value)[] headers)
    {
        using var plugin = Run(guest);
        plugin.Request(headers);
        Assert.Null(plugin.Failure);
        return Lines(plugin);
    }

    public static string[] Lines(PluginTest plugin) => [.. plugin.Logs.Select(l => l.Message)];
}
