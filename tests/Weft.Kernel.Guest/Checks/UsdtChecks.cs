using System.Diagnostics;
using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Places that programs tell of themselves.</summary>
internal static class UsdtChecks
{
    private const string Executable = "/objects/places";
    private const string Library = "/objects/places.so";

    private static readonly long[] Kinds = [-3, 0x1122334455667788, 254, -2, 0xFFFFFFFD, -9, 71, 0x0102030405060708, -2, 0xFFFE, 77, 0];

    private static bool HasCookies => Machine.Version >= new Version(5, 15);

    public static IEnumerable<Check> All =>
    [
        new("usdt-executable", () => Fires(Executable, "kinds", -1, Run, [1, 4711, 11, .. Kinds])),
        new("usdt-executable-counter", () => Fires(Executable, "counted", -1, Run, [1, 4711, 1, Kinds[1]])),
        new("usdt-executable-twice", () => Fires(Executable, "twice", -1, Run, [2, 4711, 1, Kinds[1]])),
        new("usdt-library", () => Fires(Library, "kinds", Environment.ProcessId, Call, [1, 4711, 11, .. Kinds])),
        new("usdt-library-counter", () => Fires(Library, "counted", Environment.ProcessId, Call, [1, 4711, 1, Kinds[1]])),
        new("usdt-library-everywhere", Everywhere),
        new("usdt-address-is-free-again", AgainAndAgain),
        new("usdt-address-is-used", Used),
    ];

    private static void Fires(string file, string name, int process, Action action, long[] told)
    {
        using var loaded = Load();
        using (Attach.Usdt(loaded.Programs["any"], file, "weft", name, process, 4711))
        {
            action();
        }

        action();
        var seen = Told(loaded);
        for (var i = 0; i < told.Length; i++)
        {
            Check.Equal(told[i], seen[i], $"number {i} that {name} of {file} tells");
        }
    }

    private static void Everywhere()
    {
        if (HasCookies)
        {
            Fires(Library, "none", -1, Call, [1, 4711, 0]);
            return;
        }

        using var loaded = Load();
        var error = Check.Throws<BpfNotSupportedException>(() => Attach.Usdt(loaded.Programs["any"], Library, "weft", "none"));
        Check.Holds(error.Message.Contains("in one process alone", StringComparison.Ordinal), error.Message);
        throw new SkipException("came with Linux 5.15; it was refused with the reason");
    }

    private static void AgainAndAgain()
    {
        using var loaded = Load();
        for (var i = 1; i <= 3; i++)
        {
            using var link = Attach.Usdt(loaded.Programs["any"], Library, "weft", "twice", Environment.ProcessId);
            Call();
            Check.Equal(i * 2, Told(loaded)[0], "runs");
        }
    }

    private static void Used()
    {
        if (HasCookies)
        {
            throw new SkipException("this kernel tells a program which place it runs for");
        }

        using var loaded = Load();
        using var link = Attach.Usdt(loaded.Programs["any"], Executable, "weft", "none");
        var error = Check.Throws<BpfNotSupportedException>(() => Attach.Usdt(loaded.Programs["any"], Executable, "weft", "none", cookie: 1));
        Check.Holds(error.Message.Contains("is attached to already", StringComparison.Ordinal), error.Message);
    }

    private static BpfObject Load()
    {
        var spec = ObjectSpec.Open("/objects/usdt.o");
        return BpfObject.Load(spec, new() { Only = spec.Programs["any"] });
    }

    private static void Run()
    {
        using var process = Process.Start(Executable);
        process.WaitForExit();
        Check.Equal(0, process.ExitCode, "the exit code of the program with places");
    }

    private static unsafe void Call() => ((delegate* unmanaged<void>)FunctionChecks.Place("weft_places"))();

    private static long[] Told(BpfObject loaded)
    {
        var value = new byte[15 * 8];
        Check.Holds(loaded.Maps["told"].TryLookup(stackalloc byte[4], value), "there is an element");
        return MemoryMarshal.Cast<byte, long>(value).ToArray();
    }
}
