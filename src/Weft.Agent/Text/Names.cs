using System.Text.Json;
using Weft.Bpf;

namespace Weft.Agent.Text;

/// <summary>Names as the kernel's headers have them: <c>RingBuffer</c> is <c>ringbuf</c>.</summary>
internal static class Names
{
    private static readonly (uint Flag, string Name)[] Flags =
    [
        (1, "no_prealloc"), (2, "no_common_lru"), (4, "numa_node"), (8, "rdonly"), (16, "wronly"), (32, "stack_build_id"),
        (64, "zero_seed"), (128, "rdonly_prog"), (256, "wronly_prog"), (512, "clone"), (1024, "mmapable"), (2048, "preserve_elems"),
        (4096, "inner_map"), (8192, "link"), (1 << 14, "path_fd"), (1 << 15, "vtype_btf_obj_fd"), (1 << 16, "token_fd"),
        (1 << 17, "segv_on_fault"), (1 << 18, "no_user_conv"),
    ];

    public static string Of(ProgramType type) => KernelNames.Of(type);

    public static string Of(MapType type) => KernelNames.Of(type);

    public static string Of<T>(T value)
        where T : struct, Enum => Snake(value.ToString());

    /// <summary>Where a program expects to be attached; null where its kind is not attached to one of several places.</summary>
    public static string? AttachTypeOf(ProgramSpec program) =>
        program.AttachType != 0 || program.Type == ProgramType.CgroupSkb && program.Section.Contains("ingress", StringComparison.Ordinal)
            ? KernelNames.Of(program.AttachType)
            : null;

    /// <summary><c>BPF_F_…</c> of a map.</summary>
    public static IEnumerable<string> OfFlags(uint flags)
    {
        foreach (var (flag, name) in Flags)
        {
            if ((flags & flag) != 0)
            {
                yield return name;
                flags &= ~flag;
            }
        }

        if (flags != 0)
        {
            yield return $"0x{flags:x}";
        }
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
