using System.Globalization;
using System.Text;
using Weft.Wasm.Host;

namespace Weft.Wasm.Tests.Host;

/// <summary>
/// Writes a plugin in WebAssembly's text format, for tests of the host: what it calls it imports, and what calls answer
/// it logs.
/// </summary>
internal sealed class GuestModule(string version = "0_2_1")
{
    /// <summary>Where calls leave an address and a size: <see cref="SayOut"/> logs what lies there.</summary>
    public const string Out = "(i32.const 16) (i32.const 20)";

    /// <summary>Where calls leave a number.</summary>
    public const string OutNumber = "(i32.const 24)";

    private const int FirstText = 1024;
    private static readonly Dictionary<string, HostFunction> Offered = ProxyFunctions.All.ToDictionary(f => f.Name);
    private static readonly Dictionary<string, HostFunction> OfWasi = WasiFunctions.All.ToDictionary(f => f.Name);
    private readonly StringBuilder _data = new();
    private readonly StringBuilder _functions = new();
    private readonly SortedDictionary<string, string> _imports = new() { ["proxy_log"] = Import("proxy_log") };
    private int _text = FirstText;

    /// <summary>Logs what <see cref="Out"/> points to.</summary>
    public static string SayOut => "(call $say (i32.load (i32.const 16)) (i32.load (i32.const 20)))";

    /// <summary>Logs the number at <see cref="OutNumber"/>.</summary>
    public static string SayOutNumber => "(call $number (i32.load (i32.const 24)))";

    /// <summary>The allocator; tests give another.</summary>
    public string Allocator { get; init; } = """
        (func $malloc (export "malloc") (param i32) (result i32)
          (local i32)
          (local.set 1 (global.get $heap))
          (global.set $heap (i32.add (global.get $heap) (i32.and (i32.add (local.get 0) (i32.const 7)) (i32.const -8))))
          (local.get 1))
        """;

    public string Memory { get; init; } = """(memory (export "memory") 4)""";

    /// <summary>Address and size of a text.</summary>
    public string Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var escaped = string.Concat(bytes.Select(b => $"\\{b:x2}"));
        _data.AppendLine(CultureInfo.InvariantCulture, $"(data (i32.const {_text}) \"{escaped}\")");
        var both = $"(i32.const {_text}) (i32.const {bytes.Length})";
        _text += bytes.Length + 1;
        return both;
    }

    /// <summary>Address and size of pairs.</summary>
    public string Pairs(params (string Name, string Value)[] pairs)
    {
        var map = new HeaderMap();
        foreach (var (name, value) in pairs)
        {
            map.Add(name, value);
        }

        var bytes = new byte[PairsWriter.SizeOf(map)];
        PairsWriter.Write(map, bytes);
        return Text(Encoding.Latin1.GetString(bytes));
    }

    /// <summary>A call of the host, whose answer stays on the stack.</summary>
    public string Call(string function, params string[] arguments)
    {
        _imports.TryAdd(function, Import(function));
        return $"(call ${function} {string.Join(' ', arguments)})";
    }

    /// <summary>A call of the host, whose answer is logged as a number.</summary>
    public string Say(string function, params string[] arguments) => $"(call $number {Call(function, arguments)})";

    /// <summary>Logs a text.</summary>
    public string Note(string text) => $"(call $say {Text(text)})";

    /// <summary>A callback.</summary>
    /// <param name="parameters">How many it takes; they are <c>(local.get 0)</c> and so on.</param>
    /// <param name="result">What it returns; empty for nothing.</param>
    public GuestModule On(string callback, int parameters, string body, string result = "")
    {
        var types = string.Concat(Enumerable.Repeat(" i32", parameters));
        _functions.AppendLine(
            $"(func $on_{callback} (export \"{callback}\") (param{types}) {(result == "" ? "" : "(result i32)")} {body} {result})");
        return this;
    }

    /// <summary>What happens with the request's headers.</summary>
    public GuestModule OnRequest(string body, string result = "(i32.const 0)") =>
        On("proxy_on_request_headers", version == "0_1_0" ? 2 : 3, body, result);

    /// <summary>Anything else.</summary>
    public GuestModule Add(string text)
    {
        _functions.AppendLine(text);
        return this;
    }

    public override string ToString() => $$"""
        (module
        {{string.Join('\n', _imports.Values)}}
        {{Memory}}
        (global $heap (mut i32) (i32.const 65536))
        {{_data}}
        (func (export "proxy_abi_version_{{version}}"))
        {{Allocator}}
        (func $say (param i32 i32) (drop (call $proxy_log (i32.const 2) (local.get 0) (local.get 1))))
        (func $number (param i32) (local i32)
          (local.set 1 (i32.const 64))
          (loop $digit
            (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
            (i32.store8 (local.get 1) (i32.add (i32.const 48) (i32.rem_u (local.get 0) (i32.const 10))))
            (local.set 0 (i32.div_u (local.get 0) (i32.const 10)))
            (br_if $digit (local.get 0)))
          (call $say (local.get 1) (i32.sub (i32.const 64) (local.get 1))))
        {{_functions}})
        """;

    private static string Import(string name)
    {
        var function = Offered.GetValueOrDefault(name) ?? OfWasi[name];
        var module = Offered.ContainsKey(name) ? "env" : "wasi_snapshot_preview1";
        var parts = function.Type.Text.Split(" -> ");
        var parameters = parts[0].Trim('(', ')').Replace(",", "", StringComparison.Ordinal);
        var result = parts[1] == "()" ? "" : $"(result {parts[1]})";
        return $"(import \"{module}\" \"{name}\" (func ${name} (param {parameters}) {result}))";
    }
}
