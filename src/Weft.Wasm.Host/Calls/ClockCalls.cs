namespace Weft.Wasm.Host;

/// <summary>Time and ticks.</summary>
internal static class ClockCalls
{
    private const int NanosecondsPerTick = 100;

    public static int GetCurrentTime(int time)
    {
        var vm = PluginVm.Calling();
        return vm.Give(time, Now(vm));
    }

    public static int SetTickPeriod(int milliseconds)
    {
        PluginVm.Calling().Context.Plugin!.TickEvery(TimeSpan.FromMilliseconds((uint)milliseconds));
        return (int)AbiStatus.Ok;
    }

    /// <summary>Nanoseconds since 1970.</summary>
    public static ulong Now(PluginVm vm) =>
        (ulong)(vm.Environment.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;

    /// <summary>Nanoseconds of a clock that never goes back.</summary>
    public static ulong Monotonic(PluginVm vm) =>
        (ulong)vm.Environment.Time.GetElapsedTime(0).Ticks * NanosecondsPerTick;
}
