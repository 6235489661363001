using Weft.Bpf.Build.Text;

namespace Weft.Bpf.Build;

/// <summary>What bindings are called, and what an object does not say itself.</summary>
public sealed record BindingSettings
{
    /// <summary>The name of the class: an identifier of C#.</summary>
    public required string ClassName { get; init; }

    /// <summary>Its namespace; null for none.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether other assemblies see it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>The object's name, after which the kernel's maps of data are called.</summary>
    public string ObjectName { get; init; } = "object";

    /// <summary>The resource of the assembly that is the object; null to write its bytes into the class.</summary>
    public string? Resource { get; init; }

    /// <summary>The structures that records of ring and perf buffers are, by the names of the maps: <c>struct event</c>.</summary>
    public IReadOnlyDictionary<string, string> Events { get; init; } = new Dictionary<string, string>();

    /// <summary>Structures, unions and enumerations that are wanted beside those that maps and variables have.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The object's name by its file: <c>trace</c> of <c>trace.bpf.o</c>.</summary>
    public static string ObjectNameOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.EndsWith(".bpf", StringComparison.Ordinal) ? name[..^4] : name;
    }

    /// <summary>The class's name by the object's file: <c>ExecTrace</c> of <c>exec_trace.bpf.o</c>.</summary>
    public static string ClassNameOf(string path) => CSharpName.Pascal(ObjectNameOf(path));
}
