namespace Weft.Up;

/// <summary>Log lines for a screen that has no room for a log: warnings and errors, among the last messages.</summary>
internal sealed class MessageLogProvider(MessageLog messages) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            messages.Say(exception is null ? formatter(state, null) : $"{formatter(state, exception)}: {exception.Message}");
        }
    }

    public void Dispose()
    {
    }
}
