using System.CommandLine;
using System.Text;
using Weft.Agent.Commands;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Agent.Header;

/// <summary><c>weft-agent bpf vmlinux</c>: the kernel's types as a C header.</summary>
internal static class VmlinuxCommand
{
    private const string Running = "/sys/kernel/btf/vmlinux";

    public static Command Create()
    {
        var types = new Option<string>("--btf")
        {
            Description = "The types: a file of BTF, or an object that has some.",
            HelpName = "FILE",
            DefaultValueFactory = _ => Running,
        };
        var target = new Option<string?>("-o", "--output") { Description = "Write to this file instead of the standard output.", HelpName = "FILE" };
        var command = new ExampleCommand(
            "vmlinux",
            "Write a kernel's types as a C header for programs of eBPF, the vmlinux.h that they include. Needs no rights.",
            "weft-agent bpf vmlinux -o vmlinux.h",
            "weft-agent bpf vmlinux --btf 5.4.0-generic.btf -o vmlinux.h",
            "weft-agent bpf vmlinux --btf hello.bpf.o")
        {
            types, target,
        };
        command.SetAction(parsed =>
        {
            Write(parsed.GetValue(types)!, parsed.GetValue(target), parsed.InvocationConfiguration.Output);
            return AgentCommand.Done;
        });
        return command;
    }

    private static void Write(string types, string? target, TextWriter output)
    {
        // Whole or not at all: nobody compiles half a header.
        using var text = new StringWriter();
        try
        {
            Read(types).WriteHeader(text);
        }
        catch (BpfFormatException e)
        {
            throw new CommandException($"{types}: {e.Message}", e);
        }

        if (target is null)
        {
            output.Write(text.GetStringBuilder());
        }
        else
        {
            File.WriteAllText(target, text.ToString(), new UTF8Encoding(false));
        }
    }

    private static BtfSpec Read(string path)
    {
        if (path == Running && !File.Exists(path))
        {
            throw new CommandException($"this kernel does not show its types in {Running} (CONFIG_DEBUG_INFO_BTF); name a file of them: --btf FILE");
        }

        var bytes = ObjectFile.Bytes(path);
        return bytes.AsSpan().StartsWith("\u007fELF"u8)
            ? ObjectSpec.Parse(bytes, Path.GetFileNameWithoutExtension(path)).Types ?? throw new CommandException($"{path}: it has no types; compile with -g")
            : BtfSpec.Parse(bytes);
    }
}
