using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Weft.Wasm.Regexes;

namespace Weft.Commands;

/// <summary>Options and arguments that the commands of plugins share.</summary>
internal static class PluginFlags
{
    public static Argument<string> Module() => new("FILE") { Description = "The module, a .wasm file." };

    public static Option<string> Request() => Checked(
        new("--request") { Description = "The request.", HelpName = "'METHOD PATH'", DefaultValueFactory = _ => "GET /" },
        text => text.Split(' ') is [{ Length: > 0 }, ['/' or '*', ..]],
        "a request is a method and a path, such as 'GET /a?b=c'");

    public static Option<string[]> Headers(string name, string alias, string description)
    {
        var option = new Option<string[]>(name, alias)
        {
            Description = description,
            HelpName = "'NAME: VALUE'",
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result => Check(
            result, text => text.IndexOf(':', Math.Min(1, text.Length)) > 0, "a header is written 'name: value'"));
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
        option.Validators.Add(result => Check(
            result, text => int.TryParse(text, out var n) && n >= least && n <= most, $"write a number from {least} to {most}"));
        return option;
    }

    public static Option<string> Checked(Option<string> option, Func<string, bool> holds, string rule)
    {
        option.Validators.Add(result => Check(result, holds, rule));
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

    /// <summary>A configuration as the control plane would send it: the tables of regular expressions are in it.</summary>
    public static string Configuration(string? config)
    {
        var text = config is null ? "" : File.Exists(config) ? System.Text.Encoding.UTF8.GetString(Read(config)) : config;
        if (!text.Contains("regex", StringComparison.OrdinalIgnoreCase) || !IsJson(text))
        {
            return text;
        }

        return ConfiguredRegexes.TryCompile(text, out var compiled, out var mistake)
            ? compiled
            : throw new CommandException(mistake.ToString());
    }

    public static (string Name, string Value) Header(string text)
    {
        var colon = text.IndexOf(':', 1);
        var name = text[..colon].Trim().ToLowerInvariant();
        return (name == "host" ? ":authority" : name, text[(colon + 1)..].Trim());
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Check(OptionResult result, Func<string, bool> holds, string rule)
    {
        foreach (var token in result.Tokens.Where(t => !holds(t.Value)))
        {
            result.AddError($"'{token.Value}': {rule}.");
        }
    }
}
