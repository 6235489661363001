namespace Weft.Bpf;

/// <summary>What reads an object, fits it to the kernel, and loads it.</summary>
public enum BpfBackend
{
    /// <summary>
    /// The loader of this library, which needs nothing beside. It is the one for objects of others: whatever they contain, it
    /// answers with an exception.
    /// </summary>
    Managed = 0,

    /// <summary>
    /// The system's <see cref="LibbpfLibrary"/>, for what it alone can do, and to compare. Objects must be trusted: native code
    /// reads them within this process, which a damaged one may end. Only an <see cref="ObjectSpec"/> that was read of a file can
    /// be loaded. libbpf takes all programs of an object or none: with <see cref="LoadSettings.BestEffort"/> the object is loaded
    /// again without the one that was refused, and with a <see cref="LoadSettings.Choice"/> each program by itself.
    /// </summary>
    Libbpf = 1,

    /// <summary>The managed one, and libbpf for objects that it does not support, where libbpf is there.</summary>
    Automatic = 2,
}
