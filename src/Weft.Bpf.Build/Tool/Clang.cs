using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Weft.Bpf.Build.Tool;

/// <summary>The compiler.</summary>
internal sealed partial class Clang
{
    /// <summary>The oldest that writes all relocations, and atomic operations.</summary>
    public const int Oldest = 12;

    // The one that objects here are tested with, then what the system has.
    private static readonly string[] Names =
        ["clang-19", "clang", .. Enumerable.Range(Oldest, 14).Reverse().Where(v => v != 19).Select(v => string.Create(CultureInfo.InvariantCulture, $"clang-{v}"))];

    private readonly string _program;

    private Clang(string program) => _program = program;

    /// <summary>What Debian calls the machine, and libbpf's headers do.</summary>
    private static (string Folder, string Macro) Machine => RuntimeInformation.OSArchitecture switch
    {
        Architecture.Arm64 => ("aarch64-linux-gnu", "arm64"),
        _ => ("x86_64-linux-gnu", "x86"),
    };

    /// <param name="source">What it is wanted for.</param>
    /// <param name="named">The one to take; null to look in <c>PATH</c>.</param>
    /// <exception cref="ToolException">There is none, or it is too old.</exception>
    public static Clang Find(string source, string? named)
    {
        foreach (var name in named is null ? Names : [named])
        {
            if (Version(name) is not { } version)
            {
                continue;
            }

            return version >= Oldest
                ? new(name)
                : throw new ToolException(source, "BPF0002", $"{name} is version {version}; eBPF wants clang {Oldest} or newer. Name another one by <BpfClang>");
        }

        throw new ToolException(source, "BPF0001", named is null
            ? "there is no clang to compile it: install clang and libbpf's headers (Debian: apt install clang libbpf-dev), or name it by <BpfClang>; or give the project the object instead: <BpfObject Include=\"….o\" />"
            : $"<BpfClang> is '{named}', which is no clang that can be run");
    }

    /// <summary>Compiles; what it says goes to the standard error, where MSBuild finds errors with their places.</summary>
    /// <returns>The exit code.</returns>
    public int Compile(ToolArguments arguments, string dependencies)
    {
        var system = $"/usr/include/{Machine.Folder}";
        var code = Run(
        [
            "--target=bpfel", "-g", "-O2", $"-mcpu={arguments.Cpu}", "-Wall", "-fno-color-diagnostics", "-fno-caret-diagnostics", $"-D__TARGET_ARCH_{Machine.Macro}",
            .. arguments.Includes.SelectMany(folder => new[] { "-I", folder }),
            .. Directory.Exists(system) ? ["-idirafter", system] : Array.Empty<string>(),
            "-MD", "-MF", dependencies, .. arguments.More, "-c", arguments.Source, "-o", arguments.Object,
        ]);
        if (code != 0 && !File.Exists("/usr/include/bpf/bpf_helpers.h"))
        {
            Console.Error.WriteLine("libbpf's headers are not in /usr/include/bpf: install them (Debian: apt install libbpf-dev), or name their folder by <BpfInclude>");
        }

        return code;
    }

    private int Run(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_program, arguments))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static int? Version(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true })!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return Number().Match(text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex("clang version ([0-9]{1,4})")]
    private static partial Regex Number();
}
