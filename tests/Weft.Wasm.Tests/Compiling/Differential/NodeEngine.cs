using System.Diagnostics;
using Weft.Testing;

namespace Weft.Wasm.Tests.Compiling.Differential;

/// <summary>V8, as node has it: one process that is given modules and calls, and answers with results.</summary>
internal sealed class NodeEngine : IDisposable
{
    private const string Script =
        """
        const fs = require('fs');
        const read = (size) => {
          const bytes = Buffer.alloc(size);
          for (let at = 0; at < size;) {
            let got = 0;
            try { got = fs.readSync(0, bytes, at, size - at); } catch (e) { if (e.code === 'EAGAIN') continue; throw e; }
            if (got === 0) process.exit(0);
            at += got;
          }
          return bytes;
        };
        const write = (bytes) => { for (let at = 0; at < bytes.length;) at += fs.writeSync(1, bytes, at); };
        for (;;) {
          const head = read(8);
          const code = read(head.readUInt32LE(0)), count = head.readUInt32LE(4), calls = read(count * 28);
          const answer = Buffer.alloc(count * 12);
          const module = new WebAssembly.Module(code), imports = {};
          for (const i of WebAssembly.Module.imports(module)) (imports[i.module] ??= {})[i.name] = () => 0;
          const { exports } = new WebAssembly.Instance(module, imports);
          exports._initialize?.();
          for (let i = 0; i < count; i++) {
            const at = i * 28;
            exports.fault.value = 0;
            let result = 0n, fault = 0;
            try {
              result = exports.run(calls.readInt32LE(at), calls.readInt32LE(at + 4), calls.readBigInt64LE(at + 8), calls.readFloatLE(at + 16), calls.readDoubleLE(at + 20));
              fault = exports.fault.value;
            } catch (e) { fault = 255; }
            answer.writeBigInt64LE(fault === 0 ? result : 0n, i * 12);
            answer.writeInt32LE(fault === 0 ? -1 : fault === 255 ? 255 : fault & 7, i * 12 + 8);
          }
          write(answer);
        }
        """;

    private readonly Process _process;

    public NodeEngine()
    {
        var start = new ProcessStartInfo(Peers.Require("node"), ["-e", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
    }

    public Outcome[] Run(byte[] module, Arguments[] calls)
    {
        using (var writer = new BinaryWriter(_process.StandardInput.BaseStream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(module.Length);
            writer.Write(calls.Length);
            writer.Write(module);
            Array.ForEach(calls, c => c.Write(writer));
        }

        using var reader = new BinaryReader(_process.StandardOutput.BaseStream, System.Text.Encoding.UTF8, leaveOpen: true);
        return [.. calls.Select(_ => new Outcome(reader.ReadInt64(), reader.ReadInt32()))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
