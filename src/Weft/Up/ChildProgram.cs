using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Weft.Flow;
using Weft.Kernel;

namespace Weft.Up;

/// <summary>A program to be kept running.</summary>
/// <param name="Name">What it is called in messages.</param>
internal sealed record ProgramSpec(
    string Name,
    string Program,
    ImmutableArray<string> Arguments,
    string Folder,
    ImmutableArray<KeyValuePair<string, string>> Environment);

/// <summary>
/// Keeps a program running: started again, with back-off, when it ends by itself; ended with all that it started when
/// disposed, at first politely.
/// </summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private static readonly Backoff Restarts = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10));
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan BeforeNews = TimeSpan.FromMilliseconds(300);

    // A program that ran this long was well: its next failure counts as the first.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    private ChildProgram(ProgramSpec spec, Action<string> say) => _loop = KeepAsync(spec, say);

    /// <param name="say">Takes what the program prints, and what happens to it, line by line.</param>
    public static ChildProgram Start(ProgramSpec spec, Action<string> say) => new(spec, say);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task KeepAsync(ProgramSpec spec, Action<string> say)
    {
        for (var failures = 1; !_stopping.IsCancellationRequested; failures++)
        {
            var started = Stopwatch.GetTimestamp();
            var ended = await RunOnceAsync(spec, say);
            // Ctrl-C reaches the programs as soon as us: an end that goes with ours is no news.
            await Task.Delay(BeforeNews, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            failures = Stopwatch.GetElapsedTime(started) > Steady ? 1 : failures;
            say($"{spec.Name} {ended}; starting it again");
            await Task.Delay(Restarts.Delay(failures, Random.Shared.NextDouble()), _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> RunOnceAsync(ProgramSpec spec, Action<string> say)
    {
        using var process = Prepared(spec);
        void Print(object _, DataReceivedEventArgs line)
        {
            if (line.Data is { Length: > 0 } text)
            {
                say($"{spec.Name}: {text}");
            }
        }

        process.OutputDataReceived += Print;
        process.ErrorDataReceived += Print;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return $"cannot be started ({spec.Program}: {e.Message})";
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(_stopping.Token);
            return $"ended with exit code {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            return "was stopped";
        }
    }

    private static Process Prepared(ProgramSpec spec)
    {
        var start = new ProcessStartInfo(spec.Program)
        {
            WorkingDirectory = spec.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in spec.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        return new Process { StartInfo = start };
    }

    private static async Task EndAsync(Process process)
    {
        Posix.Terminate(process.Id);
        using var grace = new CancellationTokenSource(Grace);
        await process.WaitForExitAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }
}
