using System.CommandLine;
using Weft.Wasm.Tags;

namespace Weft.Commands;

/// <summary>Options and arguments that the commands of plugins share.</summary>
internal static class PluginFlags
{
    public static Argument<string> Module() => new("FILE") { Description = "The module, a .wasm file." };

    public static Option<string> Request()
    {
        var option = new Option<string>("--request")
        {
            Description = "The request.",
            HelpName = "'METHOD PATH'",
            DefaultValueFactory = _ => "GET /",
        };
        option.Validators.Add(result => Flags.Check(
            result,
            text => text.Split(' ') is [{ Length: > 0 }, ['/' or '*', ..]],
            "a request is a method and a path, such as 'GET /a?b=c'"));
        return option;
    }

    public static Option<string?> Config() => new("--config")
    {
        Description = "The plugin's configuration: a file, or the text itself.",
        HelpName = "FILE|TEXT",
    };

    public static Option<int> Number(string name, string description, int fallback, int least, int most)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => fallback,
        };
        option.Validators.Add(result => Flags.Check(
            result, text => int.TryParse(text, out var n) && n >= least && n <= most, $"write a number from {least} to {most}"));
        return option;
    }

    /// <summary>The bytes of a module that the user has named.</summary>
    public static byte[] Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new UsageException($"There is no file '{file}'.");
        }

        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{file}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// The configuration for a module: a file's, or the text itself. For the TrafficTag that comes with the program it is
    /// compiled, as by <c>weft plugin rules</c>.
    /// </summary>
    public static string Configuration(string? config, byte[] module)
    {
        var text = config is null ? "" : File.Exists(config) ? System.Text.Encoding.UTF8.GetString(Read(config)) : config;
        return text.Length > 0 && IsTrafficTag(module) ? Rules(text, config) : text;
    }

    /// <summary>Rules, compiled.</summary>
    /// <param name="name">How a mistake names them.</param>
    public static string Rules(string text, string? name) =>
        TagConfiguration.TryCompile(text, out var compiled, out var mistake)
            ? compiled
            : throw new CommandException(mistake.In(File.Exists(name) ? name : null).ToString());

    /// <summary>A header in lower case, and <c>Host</c> as plugins see it.</summary>
    public static (string Name, string Value) Header(string text)
    {
        var (name, value) = Flags.Header(text);
        name = name.ToLowerInvariant();
        return (name == "host" ? ":authority" : name, value);
    }

    private static bool IsTrafficTag(byte[] module)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "plugins", "TrafficTag.wasm");
        return File.Exists(file) && module.AsSpan().SequenceEqual(File.ReadAllBytes(file));
    }
}
