using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Guest;

/// <summary>One program of <c>hooks.bpf.c</c> in the kernel, and what it has seen.</summary>
internal sealed class Hook : IDisposable
{
    private readonly BpfObject _object;

    private Hook(BpfObject loaded, string name)
    {
        _object = loaded;
        Program = loaded.Programs[name];
    }

    public BpfProgram Program { get; }

    /// <summary>How often it ran.</summary>
    public long Count => Seen[0];

    /// <summary>The number that it left.</summary>
    public long Number => Seen[1];

    private long[] Seen
    {
        get
        {
            var value = new byte[16];
            Check.Holds(_object.Maps["seen"].TryLookup(stackalloc byte[4], value), "there is an element");
            return MemoryMarshal.Cast<byte, long>(value).ToArray();
        }
    }

    /// <summary>Loads a program.</summary>
    /// <param name="file">The object that has it.</param>
    /// <param name="target">What it is attached to, where its section does not say it.</param>
    /// <param name="other">The program that it replaces a function of, or traces.</param>
    public static Hook Load(string program, IKernel? kernel = null, string file = "hooks", string? target = null, BpfProgram? other = null)
    {
        var spec = ObjectSpec.Open($"/objects/{file}.o");
        spec.Variables["process"].Set(Environment.ProcessId);
        spec.Programs[program].Target = target ?? spec.Programs[program].Target;
        spec.Programs[program].TargetProgram = other;
        return new(BpfObject.Load(spec, new() { Only = spec.Programs[program], Kernel = kernel ?? LinuxKernel.Instance }), program);
    }

    public BpfMap Map(string name) => _object.Maps[name];

    /// <summary>Attaches the program, does what it watches, and sees that it runs then, and never again when it is detached.</summary>
    /// <param name="number">What it must leave; null for anything.</param>
    public void Fires(Func<BpfProgram, BpfLink> attach, Action action, long? number = null)
    {
        action();
        Check.Equal(0, Count, "runs before it is attached");
        using (attach(Program))
        {
            action();
        }

        var count = Count;
        Check.Holds(count > 0, $"{Program.Name} ran");
        if (number is { } wanted)
        {
            Check.Equal(wanted, Number, $"the number of {Program.Name}");
        }

        action();
        Check.Equal(count, Count, "runs after it is detached");
    }

    /// <summary>Loads a program, attaches it to what its section names, and sees that it runs.</summary>
    public static void Fires(string program, Action action, long? number = null)
    {
        using var hook = Load(program);
        hook.Fires(Attach.Auto, action, number);
    }

    /// <summary>Whether it does not run while something is done.</summary>
    public bool IsQuietDuring(Action action)
    {
        var before = Count;
        action();
        return Count == before;
    }

    public void Dispose() => _object.Dispose();
}
