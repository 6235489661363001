using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Weft.XdsLoad;

/// <summary>The server that is measured, a child of this process: <c>gcp-server</c> or one with its flags and admin pages.</summary>
internal sealed class Server(string command, int clusters) : IDisposable
{
    private const int Port = 18500;
    private const int AdminPort = 18501;

    private readonly HttpClient _admin = new() { BaseAddress = new($"http://127.0.0.1:{AdminPort}") };
    private Process? _process;

    public static string Target => $"http://127.0.0.1:{Port}";

    /// <summary>The most memory that it has had, in bytes, since it started.</summary>
    public long Peak => long.Parse(
        File.ReadLines($"/proc/{_process!.Id}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
        CultureInfo.InvariantCulture) * 1024;

    public void Start()
    {
        // However this process ends, its server does not stay.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _process?.Kill();
        var words = command.Split(' ');
        _process = Process.Start(new ProcessStartInfo(words[0],
            [.. words[1..], "-port", $"{Port}", "-admin-port", $"{AdminPort}", "-clusters", $"{clusters}", "-endpoints", "13"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Memory in bytes, and processor time in milliseconds.</summary>
    public async Task<(long Rss, double Cpu)> LookAsync(bool collect = false)
    {
        while (true)
        {
            try
            {
                var page = JsonNode.Parse(await _admin.GetStringAsync($"/mem{(collect ? "?gc=1" : "")}"))!;
                return (page["rss"]!.GetValue<long>(), page["cpu_ns"]!.GetValue<long>() / 1e6);
            }
            catch (HttpRequestException) when (!_process!.HasExited)
            {
                // It has not opened its port yet.
            }
        }
    }

    /// <returns>The number of the change.</returns>
    public async Task<int> ChangeAsync()
    {
        using var answer = await _admin.PostAsync("/change?what=eds&n=1", null);
        answer.EnsureSuccessStatusCode();
        return int.Parse(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["version"]!.GetValue<string>(), CultureInfo.InvariantCulture);
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process!.Dispose();
        _process = null;
        _admin.Dispose();
    }
}
