using System.Runtime.CompilerServices;

namespace Weft.Wasm.Sdk;

/// <summary>
/// The proxy's log. A message is a literal, a text, or an interpolated string that is put together only where the proxy
/// logs its level.
/// </summary>
public static unsafe class Log
{
    /// <summary>Whether the proxy logs this level now. Envoy's level for it is the logger <c>wasm</c>.</summary>
    public static bool IsEnabled(LogLevel level)
    {
        var least = 0;
        _ = Abi.GetLogLevel(&least);
        return (int)level >= least;
    }

    /// <summary>Logs a message.</summary>
    /// <param name="level">How grave it is.</param>
    /// <param name="message">The message.</param>
    public static void Write(LogLevel level, Text message)
    {
        fixed (byte* m = message.Bytes)
        {
            _ = Abi.Log((int)level, m, message.Length);
        }
    }

    /// <summary>Logs at <see cref="LogLevel.Trace"/>.</summary>
    public static void Trace(Text message) => Write(LogLevel.Trace, message);

    /// <inheritdoc cref="Trace(Text)"/>
    [OverloadResolutionPriority(1)]
    public static void Trace(ref LogText<TraceLevel> message) => Write(ref message);

    /// <summary>Logs at <see cref="LogLevel.Debug"/>.</summary>
    public static void Debug(Text message) => Write(LogLevel.Debug, message);

    /// <inheritdoc cref="Debug(Text)"/>
    [OverloadResolutionPriority(1)]
    public static void Debug(ref LogText<DebugLevel> message) => Write(ref message);

    /// <summary>Logs at <see cref="LogLevel.Info"/>.</summary>
    public static void Info(Text message) => Write(LogLevel.Info, message);

    /// <inheritdoc cref="Info(Text)"/>
    [OverloadResolutionPriority(1)]
    public static void Info(ref LogText<InfoLevel> message) => Write(ref message);

    /// <summary>Logs at <see cref="LogLevel.Warn"/>.</summary>
    public static void Warn(Text message) => Write(LogLevel.Warn, message);

    /// <inheritdoc cref="Warn(Text)"/>
    [OverloadResolutionPriority(1)]
    public static void Warn(ref LogText<WarnLevel> message) => Write(ref message);

    /// <summary>Logs at <see cref="LogLevel.Error"/>.</summary>
    public static void Error(Text message) => Write(LogLevel.Error, message);

    /// <inheritdoc cref="Error(Text)"/>
    [OverloadResolutionPriority(1)]
    public static void Error(ref LogText<ErrorLevel> message) => Write(ref message);

    /// <summary>Logs at <see cref="LogLevel.Critical"/>.</summary>
    public static void Critical(Text message) => Write(LogLevel.Critical, message);

    /// <inheritdoc cref="Critical(Text)"/>
    [OverloadResolutionPriority(1)]
    public static void Critical(ref LogText<CriticalLevel> message) => Write(ref message);

    private static void Write<TLevel>(ref LogText<TLevel> message)
        where TLevel : struct, ILogLevel
    {
        if (message.End(out var text))
        {
            Write(TLevel.Level, text);
        }
    }
}
