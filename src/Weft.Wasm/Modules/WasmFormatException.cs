using System.Diagnostics.CodeAnalysis;
using Weft.Flow;

namespace Weft.Wasm.Modules;

/// <summary>The bytes are no WebAssembly module, or none that Weft reads. It does not help to try again.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a diagnostic it would say nothing.")]
public sealed class WasmFormatException : Exception
{
    /// <summary>With what is wrong.</summary>
    /// <param name="diagnostic">Its message names the byte offset.</param>
    public WasmFormatException(Diagnostic diagnostic)
        : base(diagnostic?.ToString())
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        Diagnostic = diagnostic;
    }

    /// <summary>What is wrong, with the byte offset in the message.</summary>
    public Diagnostic Diagnostic { get; }
}
