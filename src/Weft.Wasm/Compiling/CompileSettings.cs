namespace Weft.Wasm.Compiling;

/// <summary>How a plugin is compiled.</summary>
public sealed record CompileSettings
{
    /// <summary>
    /// Whether faults of the plugin end the callback alone: an index out of range, a division by zero, a loop without end.
    /// Without it they trap, which ends the proxy's virtual machine.
    /// </summary>
    public bool Contain { get; init; } = true;

    /// <summary>What <see cref="Fuel"/> is where nothing else is said.</summary>
    public const int DefaultFuel = 20_000_000;

    /// <summary>The fuel of a callback, about one instruction of IL in a loop each: 20 million are some tens of milliseconds.</summary>
    public int Fuel { get; init; } = DefaultFuel;

    /// <summary>The bytes of the stack for methods that call themselves or allocate on it by a variable size.</summary>
    public int StackSize { get; init; } = 16 * 1024;

    /// <summary>Whether the module has a <c>name</c> section, by which proxies name functions in backtraces.</summary>
    public bool Names { get; init; } = true;

    /// <summary>Whether the globals <c>fault</c> and <c>fuel</c> are exported, for tests that ask why a callback ended.</summary>
    internal bool ExportsGlobals { get; init; }
}
