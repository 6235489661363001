// Prints each program that is executed on this machine. hello.bpf.c tells of them; clang compiles it with this project.
using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf;

var file = Path.Combine(AppContext.BaseDirectory, "hello.bpf.o");
if (!File.Exists(file))
{
    Console.Error.WriteLine("There is no hello.bpf.o: install clang and libbpf-dev, then build again.");
    return 1;
}

using var hello = BpfObject.Load(ObjectSpec.Open(file));
using var reader = new RingBufferReader(hello.Maps["events"]);
using var link = Attach.Auto(hello.Programs["executed"]);
using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    end.Cancel();
    reader.Wake();
};
Console.WriteLine($"{"PID",7}  {"COMM",-15}  FILE");
while (!end.IsCancellationRequested)
{
    reader.Poll(
        record =>
        {
            ref readonly var e = ref MemoryMarshal.AsRef<Event>(record);
            Console.WriteLine($"{e.Pid,7}  {Text(e.Comm),-15}  {Text(e.FileName)}");
        },
        Timeout.InfiniteTimeSpan);
}

return 0;

static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);

/// <summary>As hello.bpf.c has it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Event
{
    public uint Pid;
    public Comm Comm;
    public FileName FileName;
}

[System.Runtime.CompilerServices.InlineArray(16)]
internal struct Comm
{
    private byte _first;
}

[System.Runtime.CompilerServices.InlineArray(108)]
internal struct FileName
{
    private byte _first;
}
