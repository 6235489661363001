using System.CommandLine;
using System.Text.Json;
using Weft.Admin;
using Weft.Flow;
using Weft.Wasm.Checking;
using Weft.Wasm.Modules;

namespace Weft.Commands;

/// <summary><c>weft plugin check FILE</c>: whether proxies take a module, and what is in it.</summary>
internal static class PluginCheckCommand
{
    public static Command Create()
    {
        var (file, json) = (PluginFlags.Module(), Flags.Json());
        var command = new ExampleCommand(
            "check",
            "Say whether proxies would take a module, by the rules of Envoy's host, and list what is in it. Exit code 1 if not.",
            "weft plugin check add-header.wasm",
            "weft plugin check add-header.wasm --json")
        {
            file, json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string file, bool json, TextWriter output)
    {
        var bytes = PluginFlags.Read(file);
        var findings = PluginCheck.Check(bytes, file);
        output.Write(json
            ? JsonSerializer.Serialize([.. findings.Select(DiagnosticView.Of)], ViewJson.Default.ImmutableArrayDiagnosticView) + "\n"
            : string.Concat(findings.Select(f => $"{f}\n")) + Listing(bytes));
        return findings.Any(f => f.Severity == Severity.Error) ? WeftCommand.Failed : WeftCommand.Done;
    }

    private static string Listing(byte[] bytes) =>
        WasmModule.TryRead(bytes, out var module, out _) ? ModuleListing.Of(module) : "";
}
