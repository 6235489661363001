namespace Weft.Wasm.Sdk;

/// <summary>The time, and calls back after some of it.</summary>
public static unsafe class Clock
{
    /// <summary>Nanoseconds since 1970-01-01 00:00 UTC.</summary>
    public static long Now
    {
        get
        {
            long time = 0;
            _ = Abi.GetCurrentTimeNanoseconds(&time);
            return time;
        }
    }

    /// <summary>Asks for <see cref="IPlugin.OnTick"/> again and again, in each worker.</summary>
    /// <param name="milliseconds">The time between; 0 asks for it no more.</param>
    public static HostStatus SetTick(int milliseconds) => (HostStatus)Abi.SetTickPeriodMilliseconds(milliseconds);
}
