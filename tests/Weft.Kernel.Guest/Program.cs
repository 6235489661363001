using Weft.Kernel.Guest;
using Weft.Kernel.Guest.Checks;

// The first process of a machine that has no other: it runs the checks, tells of them on the console, and turns it off.
if (Environment.ProcessId != 1)
{
    Console.Error.WriteLine("This is the first process of a test machine; eng/kernels and the tests start it.");
    return 2;
}

var report = new Report();
try
{
    Machine.Prepare();
    report.Note($"kernel {Machine.Release} after {Machine.Age}");
    Check[] checks =
    [
        .. ObjectChecks.All, .. ProbeChecks.All, .. TracingChecks.All, .. ReaderChecks.All, .. NetworkChecks.All, .. NetworkHookChecks.All,
        .. OlderWayChecks.All,
        .. ModuleChecks.All, .. ConntrackChecks.All, .. FunctionChecks.All, .. UsdtChecks.All, .. ReplacementChecks.All,
        .. UserRingChecks.All, .. StructOpsChecks.All, .. ArenaChecks.All,
        .. FeatureChecks.All(report),
    ];
    Array.ForEach(checks, report.Run);
    report.Note($"done after {Machine.Age}");
    report.Done();
}
#pragma warning disable CA1031 // Nobody else is there to tell of it.
catch (Exception error)
#pragma warning restore CA1031
{
    report.Note($"the guest failed: {error}");
}

Machine.Restart();
return 1;
