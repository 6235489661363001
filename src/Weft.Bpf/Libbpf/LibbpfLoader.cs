using Weft.Bpf.Kernel;

namespace Weft.Bpf.Libbpf;

/// <summary>
/// Loads an object by libbpf, which takes all of its programs or none. Where the rest is wanted, it is asked again without the
/// one that was refused.
/// </summary>
internal static class LibbpfLoader
{
    private const int FirstLogSize = 1 << 20;
    private const int MaxLogSize = 1 << 28;
    private const int LogGrowth = 16;

    /// <exception cref="BpfNotSupportedException">libbpf is not there, or cannot load this.</exception>
    public static BpfObject Load(ObjectSpec spec, LoadSettings settings)
    {
        if (WhyNot(spec, settings) is { } why)
        {
            throw new BpfNotSupportedException($"libbpf cannot load {spec.Name}: {why}");
        }

        LibbpfLibrary.Require();
        return settings.Choice is { } choice ? new LibbpfChoice(spec, settings).Load(choice) : LoadTogether(spec, settings);
    }

    /// <summary>Why libbpf cannot be asked for this; null where it can.</summary>
    public static string? WhyNot(ObjectSpec spec, LoadSettings settings) =>
        spec.File is null ? "it was put together here, and libbpf reads files: load it with the managed back-end"
        : settings.Kernel is not LinuxKernel ? "it asks the kernel below by itself, not the one of the settings"
        : null;

    private static BpfObject LoadTogether(ObjectSpec spec, LoadSettings settings)
    {
        var refused = new List<ProgramResult>();
        for (var logSize = FirstLogSize; ;)
        {
            using var attempt = new LibbpfAttempt(spec, settings, refused, logSize);
            if (attempt.Run() is not { } refusal)
            {
                return attempt.Take();
            }

            // The log was cut off, and why the program is refused was not told.
            if (refusal.Error is KernelException { Errno: Errno.NoSpace } && logSize < MaxLogSize)
            {
                logSize *= LogGrowth;
            }
            else if (settings.BestEffort && refusal.Result is { } result)
            {
                refused.Add(result);
            }
            else
            {
                throw refusal.Error;
            }
        }
    }
}
