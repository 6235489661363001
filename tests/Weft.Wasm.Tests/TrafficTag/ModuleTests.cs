using CsCheck;
using Weft.Wasm.Compiling;
using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;
using Weft.Wasm.Tags;

namespace Weft.Wasm.Tests.TrafficTag;

/// <summary>The module that the compiler makes of the plugin, in a host: what it does there is what it does here.</summary>
public sealed class ModuleTests
{
    private const string Configuration = """
        {"role":"sidecar","rules":[
          {"tag":"cookie","conditions":[{"from":"cookie","key":"beta","is":"equal","value":"1"}]},
          {"tag":"regex","match":"any","conditions":[
            {"from":"header","key":"x-tier","is":"regex","value":"g(o|i)ld[0-9]*"},{"from":"query","key":"v","is":"in","value":["2","a b"]}]},
          {"tag":"some","conditions":[
            {"from":"header","key":"x-user","is":"percentage","value":40},{"from":"path","is":"prefix","value":"/s"}]}],
         "weightKey":{"from":"header","key":"x-user"},"weights":[{"tag":"share","weight":30}],"default":"stable"}
        """;

    private static readonly Lazy<byte[]> Module = new(() =>
    {
        var compiled = PluginCompiler.Compile(Assembly("TrafficTag"), [Assembly("Weft.Wasm.Sdk")]);
        Assert.Empty(compiled.Diagnostics);
        return compiled.Module!;
    });

    [Fact]
    public void Requests_are_tagged_as_by_the_same_code_here()
    {
        var rules = TestRequest.Rules(Configuration);
        using var plugin = PluginTest.FromBytes(Module.Value, Compiled(Configuration));
        var value = Sdk.Bytes.OneOf("", "beta=1", "gold", "gild7", "a=1; beta=1", "u1", "u2", "u3", "u4", "u5", "/s?v=a%20b", "/x?v=2", "/s");
        Gen.Select(Sdk.Bytes.OneOf("cookie", "x-tier", "x-other"), value, value, value).Sample(
            (name, text, user, path) =>
            {
                var headers = $"{name}: {text}\nx-user: {user}\n:path: {path}";
                var request = plugin.Request([(name, text), ("x-user", user), (":path", path)]);
                Assert.Equal(new TestRequest(headers).Tagged(rules), request.Headers["x-envoy-flow-tag"]);
            },
            iter: 500,
            threads: 1);
        Assert.Null(plugin.Failure);
    }

    [Fact]
    public void A_bad_configuration_is_refused()
    {
        string[] bad = ["", "{}", "{\"rules\":[]}", Compiled(Configuration)[..^8], Compiled(Configuration).Replace('A', 'B')];
        foreach (var configuration in bad)
        {
            Assert.Throws<PluginException>(() => PluginTest.FromBytes(Module.Value, configuration).Dispose());
        }
    }

    private static string Compiled(string configuration) =>
        TagConfiguration.TryCompile(configuration, out var compiled, out _) ? compiled : "";

    private static PluginAssembly Assembly(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        return new PluginAssembly(File.ReadAllBytes(file), File.ReadAllBytes(Path.ChangeExtension(file, ".pdb")));
    }
}
