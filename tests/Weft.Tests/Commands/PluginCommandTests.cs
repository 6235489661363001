using Weft.Commands;
using Weft.Plugins;
using Weft.Testing;

namespace Weft.Tests.Commands;

public sealed class PluginCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("1st")]
    [InlineData("add header")]
    [InlineData("-x")]
    [InlineData("..")]
    [InlineData("a/.b")]
    public void A_name_that_is_none_is_refused(string name)
    {
        var error = Assert.Throws<UsageException>(() => Invoke("plugin", "new", "--", name));
        Assert.Contains(PluginName.Rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_already_is_left_alone()
    {
        Directory.CreateDirectory(_folder.PathOf("mine"));
        File.WriteAllText(_folder.PathOf("file"), "");
        foreach (var name in new[] { "mine", "file", "mine/" })
        {
            Assert.Contains(
                "exists already", Assert.Throws<UsageException>(() => Invoke("plugin", "new", _folder.PathOf(name))).Message,
                StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("mine")));
    }

    [Theory]
    [InlineData("add-header", "AddHeaderPlugin")]
    [InlineData("request", "RequestPlugin")]
    [InlineData("a_-b2", "AB2Plugin")]
    public void A_name_gives_a_namespace(string name, string expected) => Assert.Equal(expected, PluginName.Namespace(name));

    [Fact]
    public void A_new_plugin_has_no_place_that_is_not_filled_in()
    {
        var files = PluginTemplate.Files("add-header", new SdkFolder("/sdk & more", "1.2.3-x4")).ToDictionary(f => f.Path, f => f.Text);
        Assert.Contains(".gitignore", files.Keys);
        Assert.Contains("plugin/add-header.csproj", files.Keys);
        Assert.Contains("tests/add-header.Tests.csproj", files.Keys);
        Assert.Contains("value=\"/sdk &amp; more\"", files["nuget.config"], StringComparison.Ordinal);
        Assert.All(files, f => Assert.DoesNotMatch("__[a-zA-Z]+__", f.Key + f.Value));
    }

    [Fact]
    public void A_folder_without_a_plugin_and_one_with_several_are_told()
    {
        Assert.Contains("There is no folder", Usage("plugin", "build", _folder.PathOf("missing")), StringComparison.Ordinal);
        Assert.Contains("weft plugin new", Usage("plugin", "build", _folder.Path), StringComparison.Ordinal);
        Write("a/a.csproj", "<PackageReference Include=\"Weft.Wasm.Sdk\" />");
        Write("t/t.csproj", "<PackageReference Include=\"Weft.Wasm.Host\" />");
        var project = PluginProject.Find(_folder.Path);
        Assert.Equal(("a", _folder.PathOf("t/t.csproj")), (project.Name, project.Tests));
        Write("b/b.csproj", "<ProjectReference Include=\"../Weft.Wasm.Sdk.csproj\" />");
        Assert.Contains("several plugins", Usage("plugin", "build", _folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plugin run a.wasm --request GET", "a request is a method and a path")]
    [InlineData("plugin run a.wasm -H nothing", "a header is written")]
    [InlineData("plugin run a.wasm --answer auth=soon", "--answer is written")]
    [InlineData("plugin run a.wasm --response 99", "write a number from 100 to 599")]
    [InlineData("plugin bench a.wasm -n 0", "write a number from 100")]
    [InlineData("plugin build --fuel few", "write a number from 1000")]
    public void An_option_that_is_wrong_is_told_with_its_rule(string command, string says) => Assert.Contains(
        WeftCommand.Create().Parse(command).Errors, e => e.Message.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData("bench")]
    [InlineData("rules")]
    public void A_file_that_is_not_there_is_wrong_usage(string command) =>
        Assert.Contains("There is no file", Usage("plugin", command, _folder.PathOf("a")), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_module_fails_the_check()
    {
        File.WriteAllText(_folder.PathOf("a.wasm"), "no module");
        var (code, output) = Invoke("plugin", "check", _folder.PathOf("a.wasm"));
        Assert.Equal(1, code);
        Assert.Contains("a.wasm: error WEFT6", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_module_does_not_run()
    {
        File.WriteAllText(_folder.PathOf("a.wasm"), "no module");
        var error = Assert.Throws<CommandException>(() => Invoke("plugin", "run", _folder.PathOf("a.wasm")));
        Assert.Contains("is not a valid module", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_compiled()
    {
        Rules("good.json", "a+");
        Assert.StartsWith("{\"compiled\":\"", Invoke("plugin", "rules", _folder.PathOf("good.json")).Output, StringComparison.Ordinal);
        Rules("bad.json", "a(");
        var error = Assert.Throws<CommandException>(() => Invoke("plugin", "rules", _folder.PathOf("bad.json")));
        Assert.Contains("bad.json: error WEFT6201: $.rules[0].conditions[0]: ", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Rules(string file, string pattern) => File.WriteAllText(
        _folder.PathOf(file), $$"""{"rules": [{"tag": "t", "conditions": [{"from": "path", "is": "regex", "value": "{{pattern}}"}]}]}""");

    private static string Usage(params string[] arguments) => Assert.Throws<UsageException>(() => Invoke(arguments)).Message;

    private static (int Code, string Output) Invoke(params string[] arguments)
    {
        using var output = new StringWriter();
        var code = WeftCommand.Create().Parse(arguments).Invoke(
            new() { Output = output, Error = output, EnableDefaultExceptionHandler = false });
        return (code, output.ToString());
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(file))!);
        File.WriteAllText(_folder.PathOf(file), text);
    }
}
