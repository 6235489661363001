namespace Weft.Bpf.Build.Tool;

/// <summary>Builds one object: C becomes an object, and the object a class.</summary>
internal static class BuildTool
{
    private const int Done = 0;

    /// <returns>The exit code: clang's, where it refused the source, and has said why.</returns>
    /// <exception cref="ToolException">It cannot be built.</exception>
    public static int Run(ToolArguments arguments)
    {
        if (!File.Exists(arguments.Source))
        {
            throw new ToolException(arguments.Source, "BPF0003", "there is no such file");
        }

        if (arguments.IsC)
        {
            var dependencies = arguments.Object + ".d";
            var code = Clang.Find(arguments.Source, arguments.Clang).Compile(arguments, dependencies);
            if (code != Done)
            {
                return code;
            }

            File.WriteAllText(arguments.Inputs, string.Join(';', DependencyFile.Parse(File.ReadAllText(dependencies))));
        }

        File.WriteAllText(arguments.Code, Bindings(arguments));
        return Done;
    }

    private static string Bindings(ToolArguments arguments)
    {
        var size = new FileInfo(arguments.Object).Length;
        if (size > ObjectSpec.MaxSize)
        {
            throw new ToolException(arguments.Source, "BPF0003", $"it has {size} bytes; an object has at most {ObjectSpec.MaxSize}");
        }

        try
        {
            return BindingWriter.Write(File.ReadAllBytes(arguments.Object), arguments.Settings);
        }
        catch (Exception e) when (e is BpfException or ArgumentException)
        {
            throw new ToolException(arguments.Source, "BPF0003", e.Message, e);
        }
    }
}
