// Prints each program that is executed on this machine, until Ctrl+C. Needs root.
var spec = ExecTrace.Spec();
spec.Variables.IgnoredPid = (uint)Environment.ProcessId;

using var trace = spec.Load();
using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    end.Cancel();
    trace.Maps.Events.Wake();
};

trace.Attach();
Console.WriteLine($"{"PID",7}  {"COMM",-15}  FILE");
while (!end.IsCancellationRequested)
{
    trace.Maps.Events.Poll(e => Console.WriteLine($"{e.Pid,7}  {e.Comm,-15}  {e.Filename}"), Timeout.InfiniteTimeSpan);
}

Console.WriteLine($"{trace.Variables.Lost} were lost");
