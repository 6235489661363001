using Weft.Agent.Commands;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

/// <summary>A run of <c>weft-agent</c> in this process.</summary>
internal sealed record AgentRun(int Code, string Output, string Error)
{
    public static async Task<AgentRun> Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await AgentCommand.RunAsync(arguments, output, error, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs with an object of <c>bpf/tests</c>, which stands for <c>{file}</c>.</summary>
    public static async Task<AgentRun> With(string source, bool isBigEndian, params string[] arguments)
    {
        using var file = new ObjectOnDisk(Clang.Compile(source, isBigEndian), Path.GetFileName(source).Split('.')[0]);
        return await Of([.. arguments.Select(a => a == "{file}" ? file.Path : a)]);
    }
}

/// <summary>An object in a file, until it is disposed.</summary>
internal sealed class ObjectOnDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-agent-");

    public ObjectOnDisk(byte[] bytes, string name)
    {
        Path = System.IO.Path.Combine(_folder.FullName, name + ".o");
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
