using System.Net;
using System.Runtime.InteropServices;
using Weft.Model;

namespace Weft.Manifests.Modules;

/// <summary>Fetches modules by HTTP: bounded in size and time, and never while a request waits for it.</summary>
internal sealed class ModuleFetch(HttpMessageInvoker http, TimeProvider time)
{
    /// <summary>How long one fetch may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Fix = "correct spec.url, or the server; it is tried again";

    public static ModuleFetch Create(TimeProvider time) => new(
        new HttpClient(new SocketsHttpHandler
        {
            MaxAutomaticRedirections = 5,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        }),
        time);

    /// <summary>The module, or why there is none. Cancelled only by <paramref name="cancellation"/>.</summary>
    public async Task<ModuleReading> FetchAsync(WasmPluginConfig plugin, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, plugin.Url.Http);
            using var response = await http.SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return ModuleReading.Unread(plugin, $"The server answers {(int)response.StatusCode}.", Fix);
            }

            return response.Content.Headers.ContentLength > ModuleReading.MaxSize
                ? ModuleReading.TooLarge(plugin)
                : await ReadAsync(plugin, await response.Content.ReadAsStreamAsync(either.Token), either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return ModuleReading.Unread(plugin, $"It did not come within {Patience.TotalSeconds} seconds.", Fix);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return ModuleReading.Unread(plugin, e.Message, Fix);
        }
    }

    // Whatever the server says of the length, no more than the bound is read.
    private static async Task<ModuleReading> ReadAsync(WasmPluginConfig plugin, Stream body, CancellationToken cancellation)
    {
        using var code = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (code.Length + read > ModuleReading.MaxSize)
            {
                return ModuleReading.TooLarge(plugin);
            }

            code.Write(buffer, 0, read);
        }

        return ModuleReading.Of(plugin, ImmutableCollectionsMarshal.AsImmutableArray(code.ToArray()));
    }
}
