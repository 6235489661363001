using System.Globalization;
using Weft.Bpf.Build.Text;
using Weft.Bpf.Build.Types;

namespace Weft.Bpf.Build.Parts;

/// <summary>Writes the class of an object, with the classes of its parts, and at last the types that they have used.</summary>
internal sealed class ObjectText(ObjectSpec spec, BindingSettings settings, TypeBinder types, RecordChoice records, CodeText text)
{
    private const int BytesInLine = 32;

    /// <summary>What the class has for itself.</summary>
    public static IEnumerable<string> Members =>
    [
        "Spec", "Attach", "Dispose", "Maps", "Programs", "Variables", "Settings", "MapSpecs", "ProgramSpecs", "VariableSpecs",
        "LoadedMaps", "LoadedPrograms", "LoadedVariables",
    ];

    public void Write(ReadOnlySpan<byte> file)
    {
        var access = settings.IsPublic ? "public" : "internal";
        var name = settings.ClassName;
        text.Line($"/// <summary>The object <c>{CSharpName.Documented(settings.ObjectName)}</c> in the kernel.</summary>");
        text.Line(TypeText.Generated);
        text.Open($"{access} sealed class {name} : global::Weft.Bpf.Bindings.BoundObject");
        Constructor($"private {name}(global::Weft.Bpf.BpfObject loaded)\n        : base(loaded)");
        Property("Its maps.", "LoadedMaps", "Maps");
        Property("Its programs.", "LoadedPrograms", "Programs");
        Property("Its variables, where programs have them.", "LoadedVariables", "Variables");
        text.Line("");
        text.Line("/// <summary>The object, to be changed before it is loaded.</summary>");
        text.Line("public static Settings Spec() => new();");
        text.Line("");
        text.Line("/// <summary>Loads the object as it is.</summary>");
        text.Line("/// <inheritdoc cref=\"Settings.Load\"/>");
        text.Line($"public static {name} Load(global::Weft.Bpf.LoadSettings? settings = null) => Spec().Load(settings);");
        Spec(name);
        Class("LoadedMaps", "Maps of the object in the kernel.", $"{name} loaded", () => new MapText(spec, types, records, text).Live());
        Class("LoadedPrograms", "Programs of the object in the kernel.", $"{name} loaded", LivePrograms);
        Class("LoadedVariables", "Variables of the object, which programs and user space share.", $"{name} loaded", () => new GlobalText(spec, types, text).Live());
        Types();
        text.Line("");
        File(file);
        text.Close();
    }

    private void Constructor(string head)
    {
        text.Open(head);
        text.Line("Maps = new(this);");
        text.Line("Programs = new(this);");
        text.Line("Variables = new(this);");
        text.Close();
    }

    private void Spec(string name)
    {
        text.Line("");
        text.Line("/// <summary>The object before it is loaded.</summary>");
        text.Open("public sealed class Settings : global::Weft.Bpf.Bindings.BoundSpec");
        Constructor($"internal Settings()\n            : base(global::Weft.Bpf.ObjectSpec.Parse(File(), {CSharpName.Literal(settings.ObjectName)}))");
        Property("Its maps.", "MapSpecs", "Maps");
        Property("Its programs.", "ProgramSpecs", "Programs");
        Property("Its variables, constants too.", "VariableSpecs", "Variables");
        text.Line("");
        text.Line("/// <summary>Loads the object. Needs root, or what <see cref=\"global::Weft.Bpf.BpfObject.Load\"/> says.</summary>");
        text.Line("/// <param name=\"settings\">How; null for the settings that are usual.</param>");
        text.Line("/// <exception cref=\"global::Weft.Bpf.KernelException\">The kernel refused a map or a program; nothing is loaded.</exception>");
        text.Line($"public {name} Load(global::Weft.Bpf.LoadSettings? settings = null) => new(global::Weft.Bpf.BpfObject.Load(Untyped, settings));");
        text.Close();
        Class("MapSpecs", "Maps that are to be made.", "Settings spec", () => new MapText(spec, types, records, text).Specs());
        Class("ProgramSpecs", "Programs that are to be loaded.", "Settings spec", ProgramSpecs);
        Class("VariableSpecs", "What variables begin with.", "Settings spec", () => new GlobalText(spec, types, text).Specs());
    }

    private void ProgramSpecs()
    {
        var scope = new NameScope(["ProgramSpecs"]);
        foreach (var program in spec.Programs.Values)
        {
            text.Summary($"SEC(\"{program.Section}\") {program.Name}");
            text.Line($"public global::Weft.Bpf.ProgramSpec {scope.Take(program.Name)} => spec.Untyped.Programs[{CSharpName.Literal(program.Name)}];");
        }
    }

    private void LivePrograms()
    {
        var scope = new NameScope(["LoadedPrograms"]);
        foreach (var program in spec.Programs.Values)
        {
            text.Summary($"SEC(\"{program.Section}\") {program.Name}");
            text.Line($"public global::Weft.Bpf.BpfProgram {scope.Take(program.Name)} => loaded.Program({CSharpName.Literal(program.Name)});");
        }
    }

    private void Types()
    {
        foreach (var name in settings.Types)
        {
            if (spec.Types is null || RecordChoice.Named(spec.Types, name) is not (var id and not 0) || types.Name(id) is null)
            {
                throw new BpfFormatException($"Types: the object has no type '{name}' that C# could have; only those that are used in it have types");
            }
        }

        records.Exported.ForEach(id => types.View(id));
        var composites = new CompositeText(types, text);
        while (types.Open.TryDequeue(out var type))
        {
            text.Line("");
            switch (type)
            {
                case BoundComposite composite:
                    composites.Write(composite);
                    break;
                case BoundView view:
                    composites.Write(view);
                    break;
                case BoundEnum @enum:
                    TypeText.Enum(text, @enum);
                    break;
                case BoundArray array:
                    TypeText.Array(text, array);
                    break;
            }
        }
    }

    private void Property(string summary, string type, string name)
    {
        text.Line("");
        text.Line($"/// <summary>{summary}</summary>");
        text.Line($"public {type} {name} {{ get; }}");
    }

    private void Class(string name, string summary, string owner, Action members)
    {
        text.Line("");
        text.Line($"/// <summary>{summary}</summary>");
        text.Open($"public sealed class {name}");

        // Not a parameter of the class: where nothing is in it, nobody would read it.
        text.Line($"private readonly {owner};");
        text.Line("");
        text.Line($"internal {name}({owner}) => this.{owner.Split(' ')[1]} = {owner.Split(' ')[1]};");
        text.Line("");
        members();
        text.Close();
    }

    private void File(ReadOnlySpan<byte> file)
    {
        if (settings.Resource is { } resource)
        {
            text.Open("private static byte[] File()");
            text.Line($"using var stream = typeof({settings.ClassName}).Assembly.GetManifestResourceStream({CSharpName.Literal(resource)})!;");
            text.Line("var file = new byte[stream.Length];");
            text.Line("stream.ReadExactly(file);");
            text.Line("return file;");
            text.Close();
            return;
        }

        text.Line("private static byte[] File() =>");
        text.Line("[");
        for (var at = 0; at < file.Length; at += BytesInLine)
        {
            var line = file.Slice(at, Math.Min(BytesInLine, file.Length - at)).ToArray();
            text.Line("    " + string.Join(", ", line.Select(b => b.ToString(CultureInfo.InvariantCulture))) + ",");
        }

        text.Line("];");
    }
}
