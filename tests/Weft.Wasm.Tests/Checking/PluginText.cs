namespace Weft.Wasm.Tests.Checking;

/// <summary>A small plugin as text, sound but for what a test changes.</summary>
internal sealed record PluginText
{
    public string Version { get; init; } = Empty("proxy_abi_version_0_2_1");

    public string Allocator { get; init; } = """(func (export "proxy_on_memory_allocate") (param i32) (result i32) i32.const 0)""";

    public string Memory { get; init; } = """(memory (export "memory") 1 16)""";

    public string Callback { get; init; } =
        """(func $headers (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) i32.const 0)""";

    /// <summary>Imports, which stand before everything else.</summary>
    public string Imports { get; init; } = "";

    /// <summary>What a test adds.</summary>
    public string More { get; init; } = "";

    public byte[] Bytes =>
        Modules.Wat.Bytes($"(module {Imports} {Memory} {Version} {Allocator} {Callback} (func $named) {More})");

    public static string Empty(string name) => $"(func (export \"{name}\"))";

    public static string Import(string module, string name, string type) =>
        $"(import \"{module}\" \"{name}\" (func {type}))";
}
