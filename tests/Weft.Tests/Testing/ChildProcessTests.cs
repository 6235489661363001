using System.Diagnostics;
using System.Globalization;
using Weft.Testing;
using Xunit.Sdk;

namespace Weft.Tests.Testing;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_line_is_awaited_and_the_exit_code_told()
    {
        await using var child = Shell("echo first; echo $NAME >&2; exit 3", new() { ["NAME"] = "second" });
        Assert.Equal("second", await child.WaitForLineAsync("sec"));
        Assert.Equal("first", await child.WaitForLineAsync("first"));
        Assert.Equal(3, await child.WaitForExitAsync());
    }

    [Fact]
    public async Task An_end_without_the_line_fails_at_once_and_shows_what_was_printed()
    {
        await using var child = Shell("echo cannot bind; exit 1");
        var failure = await Assert.ThrowsAsync<FailException>(() => child.WaitForLineAsync("listening"));
        Assert.Contains("'listening'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot bind", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_never_comes_fails_with_the_deadline()
    {
        await using var child = Shell("echo up; exec sleep 600");
        await child.WaitForLineAsync("up");
        var failure = await Assert.ThrowsAsync<FailException>(
            () => child.WaitForLineAsync("ready", TimeSpan.FromMilliseconds(1)));
        Assert.Contains("still running", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposal_kills_grandchildren_whose_parent_is_gone()
    {
        var child = Shell("(sleep 600 & echo pid $!) & wait; echo alone; exec sleep 600");
        await child.WaitForLineAsync("alone");
        var pid = int.Parse((await child.WaitForLineAsync("pid")).Split(' ')[1], CultureInfo.InvariantCulture);
        using var grandchild = Process.GetProcessById(pid);
        await child.DisposeAsync();
        await grandchild.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_signal_reaches_the_program()
    {
        await using var child = Shell("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.01; done");
        await child.WaitForLineAsync("up");
        child.Signal("TERM");
        Assert.Equal(7, await child.WaitForExitAsync());
        Assert.Contains("bye", child.Lines);
    }

    private static ChildProcess Shell(string script, Dictionary<string, string?>? environment = null) =>
        ChildProcess.Start("/bin/sh", ["-c", script], environment);
}
