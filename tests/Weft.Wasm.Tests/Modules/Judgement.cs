using System.Globalization;
using Wasmtime;
using Weft.Testing;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Tests.Modules;

/// <summary>What several validators think of the same bytes.</summary>
internal sealed class Judgement : IDisposable
{
    // Proposals behind WebAssembly 2.0 are off, or it would take what Weft refuses on purpose.
    // .NET turns signals into exceptions, too: see PluginEngine.
    private readonly Config _config = new Config()
        .WithSignalsBasedTraps(false)
        .WithReferenceTypes(true).WithSIMD(true).WithBulkMemory(true).WithMultiValue(true)
        .WithRelaxedSIMD(false, false).WithMultiMemory(false).WithMemory64(false).WithWasmThreads(false)
        .WithTailCalls(false).WithGc(false).WithFunctionReferences(false).WithExceptions(false)
        .WithWideArithmetic(false);

    private readonly Engine _engine;

    public Judgement() => _engine = new Engine(_config);

    /// <summary>What is wrong in Weft's eyes; null if nothing.</summary>
    public static string? Ours(byte[] bytes) =>
        WasmModule.TryRead(bytes, out var module, out var diagnostic)
            ? ModuleValidator.Validate(module).FirstOrDefault()?.ToString()
            : diagnostic.ToString();

    /// <summary>What is wrong in Wasmtime's eyes; null if nothing.</summary>
    public string? Wasmtime(byte[] bytes) => Module.Validate(_engine, bytes);

    /// <summary>Whether V8 takes each module.</summary>
    public static Task<bool[]> V8Async(IReadOnlyList<byte[]> modules, CancellationToken stop)
    {
        const string Script = """
            const fs = require('fs');
            let verdicts = '';
            for (let i = 0; i < +process.argv[2]; i++) {
                const module = fs.readFileSync(process.argv[1] + '/' + i + '.wasm');
                verdicts += WebAssembly.validate(module) ? 'y' : 'n';
            }
            console.log('verdicts ' + verdicts);
            """;
        return AskAsync(modules, folder => [Peers.Require("node"), "-e", Script, folder, Count(modules)], stop);
    }

    /// <summary>Whether wasm-validate takes each module. What is wrong in a name section is no matter of validity.</summary>
    public static Task<bool[]> WabtAsync(IReadOnlyList<byte[]> modules, CancellationToken stop)
    {
        const string Script = """
            i=0; verdicts=; while [ $i -lt $2 ]; do
                if "$0" --ignore-custom-section-errors "$1/$i.wasm" >/dev/null 2>&1
                then verdicts=${verdicts}y; else verdicts=${verdicts}n; fi
                i=$((i+1))
            done
            echo "verdicts $verdicts"
            """;
        return AskAsync(modules, folder => ["sh", "-c", Script, Peers.Require("wasm-validate"), folder, Count(modules)], stop);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _config.Dispose();
    }

    private static string Count(IReadOnlyList<byte[]> modules) => modules.Count.ToString(CultureInfo.InvariantCulture);

    private static async Task<bool[]> AskAsync(
        IReadOnlyList<byte[]> modules, Func<string, string[]> command, CancellationToken stop)
    {
        using var folder = new TempFolder();
        foreach (var (i, bytes) in modules.Index())
        {
            await File.WriteAllBytesAsync(folder.PathOf($"{i}.wasm"), bytes, stop);
        }

        var words = command(folder.Path);
        await using var process = ChildProcess.Start(words[0], words[1..]);
        const string Before = "verdicts ";
        var line = await process.WaitForLineAsync(Before, TimeSpan.FromMinutes(10));
        Assert.Equal(modules.Count, line.Length - Before.Length);
        return [.. line.Skip(Before.Length).Select(letter => letter == 'y')];
    }
}
