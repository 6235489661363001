using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Weft.Flow;
using Xunit;

namespace Weft.Testing;

/// <summary>
/// A program that a test started. It leads a process group of its own, which disposal kills whole, with the children
/// it started. What it prints is kept and is part of each failure.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesInFailure = 100;
    private readonly Process _process;
    private readonly Latest<ImmutableList<string>> _lines = new([]);
    private readonly Task _printed;
    private bool _isDisposed;

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _printed = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Starts a program without a terminal and with nothing on its standard input.</summary>
    /// <param name="environment">Added to the environment of this process; null removes a variable.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null)
    {
        // A runner in the background of a shell ignores interrupts, which its children would inherit. Neither env nor
        // setsid starts a process of its own: setsid makes itself the leader, then becomes the program.
        var start = new ProcessStartInfo("env", ["--default-signal", "setsid", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? ImmutableDictionary<string, string?>.Empty)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new ChildProcess(Path.GetFileName(program), process);
    }

    /// <summary>The file name of the program.</summary>
    public string Name { get; }

    /// <summary>The process id, which is also the id of its process group.</summary>
    public int Id => _process.Id;

    /// <summary>What it printed so far, standard output and standard error as they came.</summary>
    public ImmutableList<string> Lines => _lines.Value;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Awaits a line with this part, printed already or later; an end without it fails.</summary>
    public Task<string> WaitForLineAsync(string part, TimeSpan? patience = null) =>
        WaitForLineAsync($"'{part}'", line => line.Contains(part, StringComparison.Ordinal), patience);

    /// <summary>Awaits a line that fits, printed already or later; an end without it fails.</summary>
    /// <param name="what">What the line has in it, for the message of a failure.</param>
    public async Task<string> WaitForLineAsync(string what, Predicate<string> isIt, TimeSpan? patience = null)
    {
        var deadline = Task.Delay(patience ?? Eventually.Patience);
        while (true)
        {
            // In this order: what was printed before the end is in the list that is read after it.
            var ended = _printed.IsCompleted;
            var current = _lines.Current;
            if (current.Value.Find(isIt) is { } found)
            {
                return found;
            }

            if (ended)
            {
                // The end of the output is seen a moment before the end of the process.
                await Task.WhenAny(_process.WaitForExitAsync(), deadline);
                Fail($"ended without printing a line with {what}");
            }

            if (deadline.IsCompleted)
            {
                Fail($"did not print a line with {what} in time");
            }

            await Task.WhenAny(current.Replaced, _printed, deadline);
        }
    }

    /// <summary>Awaits the end and all output, and returns the exit code; 128 + n where signal n ended it.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? patience = null)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _printed).WaitAsync(patience ?? Eventually.Patience);
        }
        catch (TimeoutException)
        {
            Fail("did not end in time");
        }

        return _process.ExitCode;
    }

    /// <summary>
    /// The ids of the processes that still run in its session: itself, and what it started that has made no session
    /// of its own.
    /// </summary>
    public IReadOnlyList<int> Session() => [.. Directory.EnumerateDirectories("/proc")
        .Select(folder => Path.GetFileName(folder))
        .Where(name => char.IsAsciiDigit(name[0]))
        .Select(name => int.Parse(name, CultureInfo.InvariantCulture))
        .Where(IsInSession)];

    /// <summary>Sends a signal to the process and all that it started.</summary>
    /// <param name="name">Without SIG: <c>TERM</c>, <c>KILL</c>, <c>STOP</c>.</param>
    public void Signal(string name)
    {
        // The shell's own kill takes a group; Process.Kill knows neither groups nor other signals.
        var group = Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -s {name} -- -{group} 2>/dev/null"]);
        kill.WaitForExit();
    }

    /// <summary>Kills the whole process group and awaits its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        Signal("KILL");
        _process.Kill(entireProcessTree: true); // The group is not there yet when disposal follows the start at once.
        await _process.WaitForExitAsync();

        // A child that made a session of its own may live on and hold the pipe.
        await Task.WhenAny(_printed, Task.Delay(TimeSpan.FromSeconds(5)));
        _process.Dispose();
    }

    private bool IsInSession(int process)
    {
        try
        {
            // "pid (comm) state ppid pgrp session …" (proc(5)); comm may hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] != "Z" && int.Parse(fields[3], CultureInfo.InvariantCulture) == Id;
        }
        catch (IOException)
        {
            return false; // It has ended meanwhile.
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Update(lines => lines.Add(line));
        }
    }

    private void Fail(string what)
    {
        var code = _process.HasExited ? $"exit code {_process.ExitCode}" : "still running";
        var last = string.Join('\n', Lines.TakeLast(LinesInFailure));
        Assert.Fail($"{Name} {what} ({code}). The last of {Lines.Count} lines:\n{last}");
    }
}
