namespace Weft.Wasm.Sdk;

/// <summary>How grave a message is. Values: proxy-wasm's <c>proxy_log_level_t</c>.</summary>
public enum LogLevel
{
    /// <summary>Each step.</summary>
    Trace = 0,

    /// <summary>For who looks for a mistake.</summary>
    Debug = 1,

    /// <summary>Worth knowing.</summary>
    Info = 2,

    /// <summary>Perhaps not as it was meant.</summary>
    Warn = 3,

    /// <summary>Something failed.</summary>
    Error = 4,

    /// <summary>Nothing works.</summary>
    Critical = 5,
}

/// <summary>A level that a type stands for, so that a message can look at it before it is put together.</summary>
public interface ILogLevel
{
    /// <summary>The level.</summary>
    static abstract LogLevel Level { get; }
}

/// <summary><see cref="LogLevel.Trace"/>.</summary>
public readonly struct TraceLevel : ILogLevel
{
    /// <inheritdoc/>
    public static LogLevel Level => LogLevel.Trace;
}

/// <summary><see cref="LogLevel.Debug"/>.</summary>
public readonly struct DebugLevel : ILogLevel
{
    /// <inheritdoc/>
    public static LogLevel Level => LogLevel.Debug;
}

/// <summary><see cref="LogLevel.Info"/>.</summary>
public readonly struct InfoLevel : ILogLevel
{
    /// <inheritdoc/>
    public static LogLevel Level => LogLevel.Info;
}

/// <summary><see cref="LogLevel.Warn"/>.</summary>
public readonly struct WarnLevel : ILogLevel
{
    /// <inheritdoc/>
    public static LogLevel Level => LogLevel.Warn;
}

/// <summary><see cref="LogLevel.Error"/>.</summary>
public readonly struct ErrorLevel : ILogLevel
{
    /// <inheritdoc/>
    public static LogLevel Level => LogLevel.Error;
}

/// <summary><see cref="LogLevel.Critical"/>.</summary>
public readonly struct CriticalLevel : ILogLevel
{
    /// <inheritdoc/>
    public static LogLevel Level => LogLevel.Critical;
}
