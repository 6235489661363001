using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Commands;

/// <summary>Asks a control plane's admin listener.</summary>
internal static class ControlPlaneClient
{
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    /// <summary>The answer of a page; null where the control plane says that there is no such thing.</summary>
    /// <exception cref="CommandException">Nobody answers there, or not so.</exception>
    public static async Task<T?> FindAsync<T>(Uri server, string page, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var http = AdminHttp.To(server, MostTime);
        try
        {
            using var answer = await http.GetAsync(new Uri(page, UriKind.Relative), cancellation);
            return answer.StatusCode == HttpStatusCode.NotFound
                ? default
                : JsonSerializer.Deserialize(
                    await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation), type);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new CommandException(
                $"No control plane answers at {server} ({e.Message}). Start one with 'weft run', or say --server.", e);
        }
        catch (JsonException e)
        {
            throw new CommandException($"What answers at {server} is no control plane of this version: {e.Message}", e);
        }
    }

    /// <summary>Makes resources of an answer.</summary>
    /// <exception cref="CommandException">They are none that this program knows.</exception>
    public static T Read<T>(Uri server, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or JsonException or FormatException or InvalidOperationException or ArgumentException
            or IndexOutOfRangeException)
        {
            throw new CommandException($"What the control plane at {server} serves is not of this version: {e.Message}", e);
        }
    }

    /// <summary>The answer of a page that every control plane of this version has.</summary>
    public static async Task<T> GetAsync<T>(Uri server, string page, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        await FindAsync(server, page, type, cancellation)
        ?? throw new CommandException($"The control plane at {server} has no page {page}: it is of an older version.");
}
