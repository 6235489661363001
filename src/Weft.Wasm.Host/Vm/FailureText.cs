using System.Text;
using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>Says in the log why a machine has failed, and which functions were running.</summary>
internal static class FailureText
{
    private const int MaxFrames = 20;
    private const int MaxName = 256;

    public static string Of(WasmtimeException e)
    {
        var text = new StringBuilder(Reason(e));
        var frames = (e as TrapException)?.Frames ?? e.Frames;
        if (frames is not { Count: > 0 })
        {
            return text.ToString();
        }

        text.Append("\nProxy-Wasm plugin in-VM backtrace:");
        foreach (var (index, frame) in frames.Take(MaxFrames).Index())
        {
            var name = frame.FunctionName is { Length: > 0 } full ? full[..Math.Min(full.Length, MaxName)] : "?";
            text.Append($"\n {index,2}:  0x{frame.ModuleOffset:x} - {name}");
        }

        return text.ToString();
    }

    private static string Reason(WasmtimeException e) => e switch
    {
        { InnerException: { } inner } => inner.Message,
        TrapException { Type: TrapCode.Interrupt } => "the callback took longer than the deadline",
        TrapException trap => Words(trap),
        _ => FirstLine(e.Message),
    };

    private static string Words(TrapException trap) => trap.Type switch
    {
        TrapCode.Unreachable => "unreachable",
        TrapCode.StackOverflow => "call stack exhausted",
        TrapCode.MemoryOutOfBounds => "memory access out of bounds",
        TrapCode.IntegerDivisionByZero => "divide by zero",
        TrapCode.IntegerOverflow => "divide result unrepresentable",
        TrapCode.BadConversionToInteger => "float unrepresentable in integer range",
        TrapCode.TableOutOfBounds => "table index is out of bounds",
        TrapCode.IndirectCallToNull or TrapCode.BadSignature => "null function or function signature mismatch",
        var type => $"{type}: {FirstLine(trap.Message)}",
    };

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
