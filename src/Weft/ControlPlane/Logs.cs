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
        logging.AddFilter("Grpc", LogLevel.Warning);
        // Two lines for each request that the embedded proxy forwards.
        logging.AddFilter("Yarp", LogLevel.Warning);
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
