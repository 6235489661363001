using Microsoft.Extensions.Logging.Console;

namespace Weft.ControlPlane;

/// <summary>Structured logs on standard error, so that standard output stays what a command prints.</summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging, LogSettings settings, ILoggerProvider? instead = null)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.Level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", settings.Level);
        // A start that fails is told in one line by its command (Listening), not by a stack trace as well.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // That sources are still being read is no failure; /readyz and the health service say it to who asks.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.AddFilter("Grpc", LogLevel.Warning);
        // The embedded proxy's forwarder: lines for every request, and a stack trace for every host that does not answer,
        // which the proxy's statistics count.
        logging.AddFilter("Yarp", LogLevel.Error);
        logging.Configure(options => options.ActivityTrackingOptions =
            ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (instead is not null)
        {
            logging.AddProvider(instead);
        }
        else if (settings.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "HH:mm:ss.fff ";
                text.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
            });
        }
    }
}
