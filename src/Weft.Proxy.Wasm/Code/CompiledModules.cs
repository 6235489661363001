using System.Security.Cryptography;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>The compiled modules that are in use in this process. One that nobody uses any more is let go.</summary>
internal static class CompiledModules
{
    // Its thread rests while there are no machines; it lives as long as the process.
    private static readonly Lazy<PluginEngine> Engine = new(() => new());
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Name, string Sha256), Entry> Entries = [];

    /// <summary>Uses a module that is compiled already; null where it is not.</summary>
    public static Lease? Find(string name, string sha256)
    {
        lock (Gate)
        {
            return Entries.TryGetValue((name, sha256), out var entry) ? entry.Use() : null;
        }
    }

    /// <summary>Uses a module, and compiles it where that is not done yet.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="PluginException">It breaks a rule of the hosts.</exception>
    public static Lease Take(string name, ReadOnlySpan<byte> code)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(code));
        // Two that come at once do not both compile; that others wait for them is worth it.
        lock (Gate)
        {
            if (!Entries.TryGetValue((name, sha256), out var entry))
            {
                entry = new((name, sha256), PluginModule.Load(Engine.Value, name, code));
                Entries.Add(entry.Key, entry);
            }

            return entry.Use();
        }
    }

    private static void Leave(Entry entry)
    {
        lock (Gate)
        {
            if (--entry.Users == 0)
            {
                Entries.Remove(entry.Key);
                entry.Module.Dispose();
            }
        }
    }

    /// <summary>One user's hold on a module, until it is disposed; its machines must be disposed before.</summary>
    internal sealed class Lease(Entry entry) : IDisposable
    {
        private bool _isOver;

        public PluginModule Module => entry.Module;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isOver, true))
            {
                Leave(entry);
            }
        }
    }

    internal sealed class Entry((string Name, string Sha256) key, PluginModule module)
    {
        public (string Name, string Sha256) Key => key;

        public PluginModule Module => module;

        public int Users { get; set; }

        public Lease Use()
        {
            Users++;
            return new(this);
        }
    }
}
