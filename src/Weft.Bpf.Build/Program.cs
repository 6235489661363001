using Weft.Bpf;
using Weft.Bpf.Build.Tool;

// What Weft.Bpf.Build.targets calls for each object: compiles it where it is C, and writes its class.
try
{
    return BuildTool.Run(ToolArguments.Parse(args));
}
catch (ToolException e)
{
    // As MSBuild reads it: its error of this build.
    await Console.Error.WriteLineAsync($"{e.Place} : error {e.Code}: {ToolException.Line(e.Message)}");
}
catch (Exception e) when (e is BpfException or ArgumentException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"Weft.Bpf.Build : error BPF0004: {ToolException.Line(e.Message)}");
}

return 1;
