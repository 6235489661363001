using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>The commands of <c>bpf(2)</c> about links. Results below zero are the kernel's errors.</summary>
internal static class LinkCalls
{
    public static long Create(BpfProgram program, LinkCreateAttributes attributes)
    {
        attributes.Program = (uint)program.Descriptor.Number;
        var result = program.Kernel.Call(BpfCommand.LinkCreate, ref attributes);
        GC.KeepAlive(program);
        return result;
    }

    public static unsafe long Create(BpfProgram program, AttachType type, KernelFunctions functions, ulong[] addresses, bool isReturn)
    {
        // One behind the other, with their places.
        var text = Encoding.UTF8.GetBytes(string.Concat(functions.Names.Select(n => n + '\0')));
        var names = new ulong[functions.Names.Length];
        fixed (byte* bytes = text)
        fixed (ulong* places = names, starts = addresses, cookies = functions.Cookies.AsSpan())
        {
            for (int i = 0, at = 0; i < names.Length; i++, at += text.AsSpan(at).IndexOf((byte)0) + 1)
            {
                names[i] = (ulong)(bytes + at);
            }

            var attributes = new KernelFunctionsAttributes
            {
                Program = (uint)program.Descriptor.Number,
                AttachType = (uint)type,
                Flags = isReturn ? 1u : 0,
                Count = (uint)(names.Length + addresses.Length),
                Names = (ulong)places,
                Addresses = (ulong)starts,
                Cookies = (ulong)cookies,
            };
            var result = program.Kernel.Call(BpfCommand.LinkCreate, ref attributes);
            GC.KeepAlive(program);
            return result;
        }
    }

    /// <param name="process">0 for all.</param>
    public static unsafe long Create(
        BpfProgram program, AttachType type, string path, ulong[] offsets, ReadOnlySpan<ulong> counters, ReadOnlySpan<ulong> cookies,
        int process, bool isReturn)
    {
        fixed (byte* text = Text(path))
        fixed (ulong* places = offsets, counts = counters, numbers = cookies)
        {
            var attributes = new UserFunctionsAttributes
            {
                Program = (uint)program.Descriptor.Number,
                AttachType = (uint)type,
                Path = (ulong)text,
                Offsets = (ulong)places,
                Counters = (ulong)counts,
                Cookies = (ulong)numbers,
                Count = (uint)offsets.Length,
                Flags = isReturn ? 1u : 0,
                Process = (uint)process,
            };
            var result = program.Kernel.Call(BpfCommand.LinkCreate, ref attributes);
            GC.KeepAlive(program);
            return result;
        }
    }

    /// <param name="name">The tracepoint; null for what the program was loaded for.</param>
    public static unsafe long OpenRawTracepoint(BpfProgram program, string? name, ulong cookie)
    {
        fixed (byte* text = name is null ? null : Text(name))
        {
            var attributes = new RawTracepointAttributes
            {
                Name = (ulong)text,
                Program = (uint)program.Descriptor.Number,
                Cookie = cookie,
            };
            var result = program.Kernel.Call(BpfCommand.RawTracepointOpen, ref attributes);
            GC.KeepAlive(program);
            return result;
        }
    }

    public static unsafe long Pin(IKernel kernel, BpfDescriptor link, string path)
    {
        fixed (byte* text = Text(path))
        {
            var attributes = new PathAttributes { Path = (ulong)text, Descriptor = (uint)link.Number };
            return kernel.Call(BpfCommand.ObjectPin, ref attributes);
        }
    }

    public static unsafe long OpenPinned(IKernel kernel, string path)
    {
        fixed (byte* text = Text(path))
        {
            var attributes = new PathAttributes { Path = (ulong)text };
            return kernel.Call(BpfCommand.ObjectGet, ref attributes);
        }
    }

    public static unsafe long Info(IKernel kernel, BpfDescriptor link, out LinkInfoHead head)
    {
        LinkInfoHead answer = default;
        var attributes = new InfoAttributes
        {
            Descriptor = (uint)link.Number,
            Size = (uint)sizeof(LinkInfoHead),
            Address = (ulong)&answer,
        };
        var result = kernel.Call(BpfCommand.ObjectGetInfoByFd, ref attributes);
        head = answer;
        return result;
    }

    /// <summary>A text as C has it.</summary>
    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
