using System.Collections.Immutable;

namespace Weft.Bpf.Explaining;

/// <summary>What the verifier writes, and what it means. The words are those of Linux 5.10 to 6.18.</summary>
internal static class VerifierExplanations
{
    private static readonly Explanation NullCheck = new(
        "missing-null-check",
        "The address may be NULL: a lookup finds nothing, a reservation fails. The verifier wants to see that this was asked "
        + "on each way to the access.",
        "Compare the result with NULL, at once after the call, before it is used.",
        "value = bpf_map_lookup_elem(&map, &key);\nif (!value)\n        return 0;");

    private static readonly Explanation Packet = new(
        "packet-bounds",
        "The packet may be shorter than what is read or written. The verifier wants to see a comparison with data_end of this "
        + "very address, and forgets it when the packet is changed.",
        "Compare the end of what is accessed with data_end first; load data and data_end again after helpers that change the packet.",
        "if (data + sizeof(*header) > data_end)\n        return XDP_PASS;");

    private static readonly Explanation Bounds = new(
        "out-of-bounds",
        "The index or offset may lie outside of the memory. What the verifier knows of it is in the register: smax, umax.",
        "Limit it right before the access, with a comparison or a mask; make it unsigned. Where the compiler takes the check away, "
        + "do it on the same variable that is the index.",
        "if (index >= sizeof(text))\n        return 0;\nvalue = text[index];");

    private static readonly Explanation Negative = new(
        "negative-length",
        "The length or index is signed and may be below zero, which would be a very large one.",
        "Use an unsigned type, and limit it: a mask of a power of two less one is understood best.",
        "__u32 length = number & 63;\n/* or */\nif (length > sizeof(text))\n        return 0;");

    private static readonly Explanation Loop = new(
        "unbounded-loop",
        "The verifier sees no end of the loop: nothing changes from turn to turn, or its kernel (before 5.3) takes no loops at all.",
        "Count up to a constant; or use bpf_loop() (5.17), bpf_for() (6.4), or #pragma unroll for few turns.",
        "for (int i = 0; i < 16; i++)\n        …\n/* or */\nbpf_loop(count, turn, &context, 0);");

    private static readonly Explanation Complex = new(
        "too-complex",
        "The verifier follows each way through the program, and has given up: more than one million instructions, or 8,192 open "
        + "branches. Branches within loops multiply.",
        "Make loops shorter, or use bpf_loop(), whose body is looked at once; put parts into global functions (not static), which "
        + "are looked at alone; split the program with tail calls.",
        "__noinline int turn(__u32 index, void *context) { … }\nbpf_loop(count, turn, &context, 0);");

    private static readonly Explanation Uninitialised = new(
        "uninitialised-register",
        "A register is read that was not set on this way: a return value, a variable, or R1 to R5 after a call, which "
        + "destroys them.",
        "Give the variable a value where it is declared, and return one on each way.", "int result = 0;");

    private static readonly Explanation Stack = new(
        "uninitialised-stack",
        "A helper reads memory of the stack that was not written: often the padding of a structure. Since 6.3 only programs "
        + "without CAP_PERFMON are refused for this.",
        "Clear the structure before its members are set; an initialiser leaves padding as it is.",
        "struct key key;\n\n__builtin_memset(&key, 0, sizeof(key));");

    private static readonly Explanation StackLimit = new(
        "stack-limit",
        "A program and all functions that it calls at once have 512 bytes of stack together.",
        "Keep large things in a map: a per-CPU array of one element is the usual scratch memory.",
        "struct {\n        __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);\n        __uint(max_entries, 1);\n"
        + "        __type(key, __u32);\n        __type(value, struct scratch);\n} scratch SEC(\".maps\");");

    private static readonly Explanation Reference = new(
        "unreleased-reference",
        "The program ends, on some way, with something that it has taken and must give back: a record of a ring buffer, a socket, "
        + "a task.",
        "Release it on each way: submit or discard the record, call the release function of what was acquired.",
        "record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);\nif (!record)\n        return 0;\n…\nbpf_ringbuf_submit(record, 0);");

    private static readonly Explanation Arithmetic = new(
        "pointer-arithmetic",
        "An address may only be moved by adding or subtracting numbers whose limits are known; it may not be shifted, multiplied, "
        + "or be changed at all where it may be NULL.",
        "Compute with numbers first and add the result once; check for NULL and limit the number before.",
        "index &= 63;\nvalue = array + index;");

    private static readonly Explanation Scalar = new(
        "number-as-address",
        "What is accessed is a number to the verifier, or an address that it lost sight of: memory of the kernel that came through "
        + "a context or a read, or an address that went through a cast or arithmetic.",
        "Read it with bpf_probe_read_kernel(), BPF_CORE_READ(), or bpf_probe_read_user() where it is of a process; in tp_btf, fentry "
        + "and lsm programs take typed arguments (BPF_PROG).",
        "pid = BPF_CORE_READ(task, group_leader, tgid);");

    private static readonly Explanation Helper = new(
        "helper-not-allowed",
        "Programs of this type may not call this helper, or this kernel does not have it.",
        "See what they may call with 'weft-agent bpf features --group helper/TYPE', and use another helper or another type of program.");

    private static readonly Explanation Unknown = new(
        "unknown-helper",
        "The program calls a helper with a number that this kernel does not have: it is older than the helper, or the number is wrong.",
        "Ask with 'weft-agent bpf features --group helper/TYPE'; leave the call out where the kernel lacks it.",
        "if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop))\n        bpf_loop(…);");

    /// <summary>The first whose words are in a message is taken.</summary>
    public static ImmutableArray<(string Mark, Explanation Explanation)> All { get; } =
    [
        ("needs a field, type or value that this kernel does not have", new(
            "field-missing",
            "The program reads a field, type or value of the kernel that this kernel does not have (CO-RE), and the verifier "
            + "reaches the access.",
            "Ask first whether it exists; where it was renamed, declare a flavour of the structure (struct name___old) with the other name.",
            "if (bpf_core_field_exists(task->field))\n        value = BPF_CORE_READ(task, field);")),
        (", which this kernel does not have", ErrorExplanations.Of(Kernel.Errno.NoProcess, "ksym")!),
        ("cannot call GPL", new(
            "gpl-only",
            "This helper or function is only for programs whose licence is compatible with the GPL.",
            "Declare such a licence, where it is true.", "char LICENSE[] SEC(\"license\") = \"GPL\";")),
        ("calling kernel function", new(
            "function-not-allowed",
            "Programs of this type may not call this function of the kernel.",
            "Use a type of program that may (many functions are for tracing, struct_ops or XDP alone), or a helper that does the same.")),
        ("cannot use helper", Helper),
        ("unknown func bpf_", Helper),
        ("invalid func unknown#", Unknown),
        ("unknown func", Unknown),
        ("infinite loop detected", Loop),
        ("back-edge from insn", Loop),
        ("loop detected", Loop),
        ("BPF program is too large", Complex),
        ("jumps is too complex", Complex),
        ("too many states", Complex),
        ("!read_ok", Uninitialised),
        ("invalid access to packet", Packet),
        ("is outside of the packet", Packet),
        ("Unreleased reference", Reference),
        ("reference leak", Reference),
        ("reference has not been acquired before", Reference),
        ("spin_lock", new(
            "lock-held",
            "A lock is held where it must not be: the program ends, or calls something, before it is released, or takes a second one.",
            "Release it on each way, and call nothing between.", "bpf_spin_lock(&value->lock);\nvalue->count++;\nbpf_spin_unlock(&value->lock);")),
        ("invalid indirect read from stack", Stack),
        ("invalid read from stack", Stack),
        ("combined stack size", StackLimit),
        ("invalid write to stack", StackLimit),
        ("invalid stack ", StackLimit),
        ("might sleep", new(
            "may-sleep",
            "The program calls what may sleep, at a place where one may not wait.",
            "Use a section of programs that may sleep, where there is one; or a helper that does not: bpf_probe_read_user().",
            "SEC(\"lsm.s/file_open\")")),
        ("_or_null", NullCheck),
        ("Possibly NULL pointer", NullCheck),
        ("min value is negative", Negative),
        ("pointer arithmetic", Arithmetic),
        ("math between", Arithmetic),
        ("bitwise operator", Arithmetic),
        ("unbounded memory access", Bounds),
        ("unbounded min value", Bounds),
        ("outside of the allowed memory range", Bounds),
        ("invalid access to map value", Bounds),
        ("invalid access to memory", Bounds),
        ("should have been in", new(
            "return-value",
            "Programs of this type may only return certain values, and the verifier sees that this one may return others.",
            "Return one of the values that the message names; limit what is computed.", "return allowed ? 1 : 0;")),
        ("write into map forbidden", ReadOnly()),
        ("cannot write into", ReadOnly()),
        ("only read is supported", ReadOnly()),
        ("invalid bpf_context access", new(
            "context-access",
            "The context has no field there, it may not be read or written by this type of program, or not in this size.",
            "Use the structure that belongs to the type of program, and its fields as they are declared; look into linux/bpf.h.")),
        ("invalid mem access", Scalar),
        ("dereference of modified", new(
            "modified-pointer",
            "The address was moved before it is used, which is not allowed for this kind: often the compiler did it.",
            "Access the field directly from the address as it was given; copy what is needed first.")),
        ("expected=", new(
            "wrong-argument",
            "An argument of a helper is not what it must be: the message names the register, what it is, and what is expected "
            + "(R1 is the first argument).",
            "Pass the address of memory that the verifier knows: the stack, a value of a map, the packet.",
            "__u32 key = number;\nvalue = bpf_map_lookup_elem(&map, &key);")),
        ("unreachable insn", new(
            "unreachable-code",
            "There are instructions that are never reached.",
            "Compile with -O2; look for code behind a return or an endless loop.")),
        ("not found in kernel BTF", ErrorExplanations.Of(Kernel.Errno.NoProcess, "attach")!),
        ("is not supported for", new(
            "attach-refused",
            "This place cannot have programs of this type.",
            "Attach to another function or hook; 'weft-agent bpf features --group attach' shows what this kernel can.")),
    ];

    private static Explanation ReadOnly() => new(
        "read-only",
        "The memory may only be read: constants (.rodata), maps with BPF_F_RDONLY_PROG, structures of the kernel.",
        "Take const away from the variable; keep what changes in .data, .bss or another map.", "int limit = 5;");
}
