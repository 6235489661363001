using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Tests.Stage;

/// <content>What libbpf tells programs of places of USDT.</content>
internal static partial class Libbpf
{
    /// <summary>Attaches a program of an object to a place, and reads the first descriptions that it has written.</summary>
    public static unsafe byte[][] UsdtSpecs(string file, string program, string path, string provider, string name, long cookie, int count)
    {
        var handle = Open(file, null);
        try
        {
            foreach (var other in Programs(handle))
            {
                _ = SetAutoload(other, Name(other) == program);
            }

            Assert.Equal(0, Load(handle));

            // struct bpf_usdt_opts: its size, then the cookie.
            var options = stackalloc long[] { 16, cookie };
            var link = AttachUsdt(Programs(handle).First(p => Name(p) == program), -1, path, provider, name, (nint)options);
            Assert.NotEqual(0, link);
            var map = BpfMap.OpenById(MapId(handle, "__bpf_usdt_specs"));
            using (map)
            {
                var specs = Enumerable.Range(0, count).Select(i => Spec(map, i)).ToArray();
                _ = DestroyLink(link);
                return specs;
            }
        }
        finally
        {
            Close(handle);
        }
    }

    private static byte[] Spec(BpfMap map, int number)
    {
        var value = new byte[map.ValueSize];
        Assert.True(map.TryLookup(BitConverter.GetBytes(number), value));
        return value;
    }

    private static uint MapId(nint handle, string name)
    {
        var text = File.ReadAllLines($"/proc/self/fdinfo/{FindMap(handle, name)}").First(l => l.StartsWith("map_id:", StringComparison.Ordinal));
        return uint.Parse(text.Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [LibraryImport(Library, EntryPoint = "bpf_program__attach_usdt", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint AttachUsdt(nint program, int process, string path, string provider, string name, nint options);

    [LibraryImport(Library, EntryPoint = "bpf_link__destroy")]
    private static partial int DestroyLink(nint link);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_map_fd_by_name", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FindMap(nint handle, string name);
}
