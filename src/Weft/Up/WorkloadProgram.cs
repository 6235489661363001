using System.Globalization;
using Weft.Commands;
using Weft.Model;

namespace Weft.Up;

/// <summary>The application of a workload: what its manifest's <c>run</c> says, made ready to be started.</summary>
internal static class WorkloadProgram
{
    public static ProgramSpec Spec(Workload workload, RunConfig run) => new(
        workload.Name.NodeId, ProgramPath(run), [.. run.Command.Skip(1)], run.Folder, [.. Environment(workload, run)]);

    /// <summary>Makes the program by its <c>build</c> command, where it is missing and there is one.</summary>
    /// <exception cref="CommandException">The build failed; the message has the end of its output.</exception>
    public static async Task BuildIfMissingAsync(
        ObjectName workload, RunConfig run, Action<string> say, CancellationToken cancellation)
    {
        if (run.Build.IsEmpty || File.Exists(ProgramPath(run)))
        {
            return;
        }

        say($"{run.Command[0]} is missing: {string.Join(' ', run.Build)}");
        var build = await FiniteProgram.RunAsync(
            run.Build[0], [.. run.Build.Skip(1)], run.Folder, cancellation);
        if (build.ExitCode != 0 || !File.Exists(ProgramPath(run)))
        {
            throw new CommandException(
                $"The build of {workload} ended with exit code {build.ExitCode}"
                + $"{(build.ExitCode == 0 ? $" but did not make {run.Command[0]}" : "")}:\n{build.LastLines}");
        }
    }

    // A path is looked for in the manifest's folder; a bare name, on PATH.
    private static string ProgramPath(RunConfig run) =>
        run.Command[0].Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(run.Command[0], Path.GetFullPath(run.Folder)) : run.Command[0];

    private static IEnumerable<KeyValuePair<string, string>> Environment(Workload workload, RunConfig run)
    {
        if (workload.AppPort is { } app)
        {
            yield return new("PORT", app.ToString(CultureInfo.InvariantCulture));
        }

        if (workload.OutboundPort is { } outbound)
        {
            yield return new("WEFT_OUTBOUND", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{outbound}"));
        }

        yield return new("WEFT_WORKLOAD", workload.Name.NodeId);
        foreach (var pair in run.Environment)
        {
            yield return pair;
        }
    }
}
