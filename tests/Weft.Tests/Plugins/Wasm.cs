using Weft.Model;
using Weft.Tests.Model;

namespace Weft.Tests.Plugins;

/// <summary>Short ways to write down plugins; they live in the namespace <c>shop</c>.</summary>
internal static class Wasm
{
    private static readonly byte[] Beginning = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    /// <summary>The bytes of an empty module, with as many bytes behind it as are asked for: a custom section.</summary>
    public static byte[] Module(int padding = 0, byte mark = 0)
    {
        if (padding == 0)
        {
            return [.. Beginning, 0, 2, 1, mark];
        }

        // Section 0, its length in five bytes, a name of one byte, and the padding.
        var length = padding + 2;
        var leb = Enumerable.Range(0, 5).Select(i => (byte)(((length >> (7 * i)) & 0x7F) | (i < 4 ? 0x80 : 0)));
        return [.. Beginning, 0, .. leb, 1, mark, .. new byte[padding]];
    }

    /// <summary>A module that proxies load: with its ABI, an allocator and a memory, and nothing that it does.</summary>
    public static byte[] Loadable(byte mark = 0) =>
    [
        .. Beginning,
        1, 9, 2, 0x60, 0, 0, 0x60, 1, 0x7F, 1, 0x7F, // types: () -> (), (i32) -> i32
        3, 3, 2, 0, 1, // two functions
        5, 3, 1, 0, 1, // a memory of a page
        7, 45, 3, 23, .. "proxy_abi_version_0_2_1"u8, 0, 0, 6, .. "malloc"u8, 0, 1, 6, .. "memory"u8, 2, 0,
        10, 9, 2, 2, 0, 0x0B, 4, 0, 0x41, 0, 0x0B, // their code
        0, 2, 1, mark,
    ];

    public static WasmPluginConfig Plugin(
        string name, string label = "", PluginPhase phase = PluginPhase.Unspecified, int priority = 0, string @namespace = "shop",
        FailStrategy strategy = FailStrategy.Close, int padding = 0, params PluginMatchConfig[] match) =>
        new(
            new(@namespace, name), label.Length == 0 ? Mesh.Labels() : Mesh.Labels(("app", label)), [],
            new($"/{name}.wasm", null, Mesh.Where), null, name, "", phase, priority, strategy, PluginEnvironment.None, [.. match], Mesh.Where)
        {
            Module = PluginModule.Of([.. Module(padding)]),
        };

    public static PluginMatchConfig Client(params int[] ports) => new(true, false, [.. ports], Mesh.Where);

    public static PluginMatchConfig Server(params int[] ports) => new(false, true, [.. ports], Mesh.Where);

    public static MeshObjects With(this MeshObjects objects, params WasmPluginConfig[] plugins) => objects with { Plugins = [.. plugins] };
}
