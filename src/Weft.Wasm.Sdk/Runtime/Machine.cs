namespace Weft.Wasm.Sdk.Runtime;

/// <summary>What only the compiler can do. Under the framework's own JIT none of this runs.</summary>
internal static unsafe class Machine
{
    /// <summary>The size of memory in pages of 64 KiB.</summary>
    [Intrinsic("memory.size")]
    public static int MemorySize() => throw new PlatformNotSupportedException();

    /// <summary>Adds pages; -1 if there are no more.</summary>
    [Intrinsic("memory.grow")]
    public static int GrowMemory(int pages) => throw new PlatformNotSupportedException();

    [Intrinsic("memory.fill")]
    public static void Fill(void* start, int value, int count) => throw new PlatformNotSupportedException();

    [Intrinsic("memory.copy")]
    public static void Copy(void* to, void* from, int count) => throw new PlatformNotSupportedException();

    /// <summary>The address after all that the module began with.</summary>
    [Intrinsic("data.end")]
    public static int DataEnd() => throw new PlatformNotSupportedException();

    [Intrinsic("stack.bottom")]
    public static uint StackBottom() => throw new PlatformNotSupportedException();

    [Intrinsic("stack.top")]
    public static uint StackTop() => throw new PlatformNotSupportedException();

    /// <summary>Why the callback ended: see <see cref="Faults"/>.</summary>
    [Intrinsic("fault.get")]
    public static uint Fault() => throw new PlatformNotSupportedException();

    [Intrinsic("fault.clear")]
    public static void ClearFault() => throw new PlatformNotSupportedException();

    /// <summary>The names of methods by number from 1, each with a zero behind it.</summary>
    [Intrinsic("fault.names")]
    public static byte* FaultNames() => throw new PlatformNotSupportedException();

    /// <summary>Takes fuel for work that is not in a loop of the plugin.</summary>
    [Intrinsic("fuel.burn")]
    public static void Burn(int amount) => throw new PlatformNotSupportedException();

    /// <summary>Whether a value has one byte.</summary>
    [Intrinsic("type.byte")]
    public static bool IsByte<T>() => throw new PlatformNotSupportedException();

    /// <summary>Whether a value is an object or has one in it, so that storing it is checked.</summary>
    [Intrinsic("type.objects")]
    public static bool HasObjects<T>() => throw new PlatformNotSupportedException();

    /// <summary>Whether the plugin keeps something of its contexts, or must tell them apart.</summary>
    [Intrinsic("type.tracked")]
    public static bool IsTracked<TPlugin, TStream>() => throw new PlatformNotSupportedException();
}
