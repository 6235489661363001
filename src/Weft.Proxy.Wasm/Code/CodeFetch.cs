using System.Security.Cryptography;
using Envoy.Config.Core.V3;
using Weft.Proxy.Filters;

namespace Weft.Proxy.Wasm;

/// <summary>Fetches a module over HTTP, from a cluster or from the control plane itself.</summary>
internal static class CodeFetch
{
    /// <summary>The most that a module may have.</summary>
    private const int MostBytes = 32 << 20;

    // Of the bootstrap that Envoy is started with; this proxy has none, and knows the way.
    private const string ControlPlane = "weft-xds";
    private const int Tries = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Waits for the module. The caller is the loop that follows the control plane: what comes after must wait anyway,
    /// for it may need this.
    /// </summary>
    /// <exception cref="WasmConfigException">It cannot be had in time, or has another hash.</exception>
    public static byte[] Fetch(RemoteDataSource source, string sha256, HttpFilterHost host)
    {
        if (source.HttpUri is not { } from || !Uri.TryCreate(from.Uri, UriKind.Absolute, out var address))
        {
            throw new WasmConfigException("vm_config.code.remote.http_uri has no address");
        }

        var code = Task.Run(() => FetchAsync(from.Cluster, address, host)).GetAwaiter().GetResult();
        var found = Convert.ToHexStringLower(SHA256.HashData(code));
        return found == sha256
            ? code
            : throw new WasmConfigException($"the code of {from.Uri} has the SHA-256 {found}, not {sha256}");
    }

    private static async Task<byte[]> FetchAsync(string cluster, Uri address, HttpFilterHost host)
    {
        using var patience = new CancellationTokenSource(Patience, host.Time);
        for (var number = 1; ; number++)
        {
            string why;
            try
            {
                var answer = await AskAsync(cluster, address, host, patience.Token);
                if (answer.Status == 200)
                {
                    return answer.Body.ToArray();
                }

                why = $"the answer is {answer.Status}";
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                why = e.Message;
            }

            if (number == Tries || patience.IsCancellationRequested)
            {
                throw new WasmConfigException($"the code of {address} cannot be fetched over {cluster}: {why}");
            }

            await Task.Delay(Pause * number, host.Time, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<HttpFilterCallAnswer> AskAsync(
        string cluster, Uri address, HttpFilterHost host, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address.PathAndQuery, UriKind.Relative));
        request.Headers.Host = address.Authority;
        return cluster == ControlPlane && !host.HasCluster(cluster)
            ? await host.AskControlPlaneAsync(request, MostBytes, cancellation)
            : await host.CallAsync(cluster, request, MostBytes, cancellation);
    }
}
