using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Xds;

namespace XdsCustomTypeSample;

/// <summary>Serves the features that are typed, one a line: a name and a percentage; a name alone takes it away.</summary>
internal static class FeatureServer
{
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, xds => xds.Protocols = HttpProtocols.Http2));
        builder.Services.AddXds();
        await using var app = builder.Build();
        app.MapXds();
        var server = app.Services.GetRequiredService<XdsServer>();
        await app.StartAsync();
        server.Publish(ResourceSet.Empty);
        Console.WriteLine($"serving on {port}");

        var features = new SortedDictionary<string, Feature>(StringComparer.Ordinal);
        while (Console.ReadLine() is { } line)
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case [var name, var percent] when uint.TryParse(percent, CultureInfo.InvariantCulture, out var number):
                    features[name] = new() { Name = name, Percent = number };
                    break;
                case [var name]:
                    features.Remove(name);
                    break;
            }

            // A message is named by its field "name"; its type URL follows from its full name.
            server.Publish(ResourceSet.Create(features.Values));
            Console.WriteLine($"published {features.Count}");
        }
    }
}
