namespace Weft.Bpf.Build.Tool;

/// <summary>What the tool is asked to do.</summary>
/// <param name="Source">C, or an object.</param>
/// <param name="Object">Where the object is, or is to be written.</param>
/// <param name="Code">Where C# is to be written.</param>
/// <param name="Inputs">Where the files that C includes are to be listed.</param>
/// <param name="Settings">What the class is called.</param>
/// <param name="Clang">The compiler; null to find one.</param>
/// <param name="Cpu">Clang's <c>-mcpu</c>.</param>
/// <param name="Includes">Folders of headers.</param>
/// <param name="More">More arguments for clang.</param>
internal sealed record ToolArguments(
    string Source, string Object, string Code, string Inputs, BindingSettings Settings, string? Clang, string Cpu,
    IReadOnlyList<string> Includes, IReadOnlyList<string> More)
{
    private const char Parting = ';';

    public bool IsC => Source.EndsWith(".c", StringComparison.Ordinal);

    /// <summary>Reads <c>--name value</c>; what follows <c>--</c> is for clang.</summary>
    /// <exception cref="ArgumentException">One is missing.</exception>
    public static ToolArguments Parse(string[] arguments)
    {
        var end = Array.IndexOf(arguments, "--") is var at and >= 0 ? at : arguments.Length;
        var values = new Dictionary<string, string>();
        for (var i = 0; i + 1 < end; i += 2)
        {
            values[arguments[i]] = arguments[i + 1];
        }

        var settings = new BindingSettings
        {
            ClassName = Optional("--class") ?? BindingSettings.ClassNameOf(Required("--source")),
            Namespace = Optional("--namespace"),
            IsPublic = Optional("--access") == "public",
            ObjectName = BindingSettings.ObjectNameOf(Required("--source")),
            Resource = Optional("--resource"),
            Events = Events(Required("--source"), Optional("--events")),
            Types = List("--types"),
        };
        return new(
            Required("--source"), Required("--object"), Required("--code"), Required("--inputs"), settings, Optional("--clang"),
            Optional("--cpu") ?? "v3", List("--include"), arguments[Math.Min(end + 1, arguments.Length)..]);

        string Required(string name) => Optional(name) ?? throw new ArgumentException($"{name} is missing");
        string? Optional(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        string[] List(string name) => (Optional(name) ?? "").Split(Parting, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static Dictionary<string, string> Events(string source, string? text)
    {
        var events = new Dictionary<string, string>();
        foreach (var part in (text ?? "").Split(Parting, StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } map, { Length: > 0 } type])
            {
                throw new ToolException(source, "BPF0003", $"Events=\"{part}\": it wants MAP=STRUCTURE, such as events=struct event");
            }

            events[map] = type;
        }

        return events;
    }
}
