namespace Weft.Kernel.Guest;

/// <summary>Something that a kernel must do.</summary>
/// <param name="Name">What it is called on the console: one word.</param>
/// <param name="Body">Throws where it is not so; <see cref="SkipException"/> where this kernel need not do it.</param>
internal sealed record Check(string Name, Action Body)
{
    // Milliseconds; for what the kernel does by itself.
    private const long Bound = 30_000;

    /// <summary>Fails unless two values are equal.</summary>
    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new CheckException($"{what} is {actual}, not {expected}");
        }
    }

    /// <summary>Fails unless something holds.</summary>
    public static void Holds(bool isTrue, string what)
    {
        if (!isTrue)
        {
            throw new CheckException($"not so: {what}");
        }
    }

    /// <summary>Fails unless an action throws.</summary>
    public static T Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T error)
        {
            return error;
        }

        throw new CheckException($"no {typeof(T).Name} was thrown");
    }

    /// <summary>Fails unless something holds before long.</summary>
    public static void Eventually(Func<bool> isTrue, string what)
    {
        var until = Environment.TickCount64 + Bound;
        while (!isTrue())
        {
            Holds(Environment.TickCount64 < until, what);
            Thread.Yield();
        }
    }

    /// <summary>Skips what came to Linux later than this kernel.</summary>
    public static void NeedsLinux(int major, int minor)
    {
        if (Machine.Version < new Version(major, minor))
        {
            throw new SkipException($"came with Linux {major}.{minor}");
        }
    }
}

/// <summary>A kernel or the library did not do what it must.</summary>
internal sealed class CheckException(string message) : Exception(message);

/// <summary>This kernel need not do it.</summary>
internal sealed class SkipException(string message) : Exception(message);
