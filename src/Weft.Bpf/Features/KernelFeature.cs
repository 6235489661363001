namespace Weft.Bpf.Features;

/// <summary>What kernels have or have not, besides types of programs and maps and helpers.</summary>
public enum KernelFeature
{
    /// <summary>Programs and maps may have names. Linux 4.15.</summary>
    Names,

    /// <summary>Names may have dots. Linux 5.2.</summary>
    DottedNames,

    /// <summary>Programs may have global variables. Linux 5.2.</summary>
    GlobalData,

    /// <summary>A program says where it will be attached when it is loaded. Linux 4.17.</summary>
    ExpectedAttachType,

    /// <summary>Types may be loaded at all. Linux 4.18.</summary>
    Types,

    /// <summary>Types of functions. Linux 5.0.</summary>
    TypesOfFunctions,

    /// <summary>Functions that are verified by themselves. Linux 5.6.</summary>
    TypesOfGlobalFunctions,

    /// <summary>Types of variables and sections. Linux 5.2.</summary>
    TypesOfSections,

    /// <summary>Types of floating-point numbers. Linux 5.13.</summary>
    TypesOfFloats,

    /// <summary>Tags of declarations. Linux 5.16.</summary>
    DeclarationTags,

    /// <summary>Tags of types. Linux 5.17.</summary>
    TypeTags,

    /// <summary>Enumerations of 64 bits. Linux 6.0.</summary>
    Enum64,

    /// <summary>The kernel's modules have types. Linux 5.11.</summary>
    ModuleTypes,

    /// <summary>The kernel shows types of its own. Linux 5.4, where it is built with them.</summary>
    KernelTypes,

    /// <summary>Loops with an end. Linux 5.3.</summary>
    BoundedLoops,

    /// <summary>More than 4096 instructions. Linux 5.2.</summary>
    LargePrograms,

    /// <summary>Jumps that compare with less than. Linux 4.14.</summary>
    InstructionSetV2,

    /// <summary>Jumps that compare 32 bits. Linux 5.1.</summary>
    InstructionSetV3,

    /// <summary>Swaps of bytes, divisions with a sign, long jumps. Linux 6.6.</summary>
    InstructionSetV4,

    /// <summary>Memory of the kernel and of user space is read by helpers of their own. Linux 5.5.</summary>
    ProbeReadKernel,

    /// <summary>Programs know with what number they were attached. Linux 5.15.</summary>
    Cookie,

    /// <summary>Memory is charged to the control group, and RLIMIT_MEMLOCK does not count. Linux 5.11.</summary>
    MemoryByControlGroup,

    /// <summary>Ring buffers. Linux 5.8.</summary>
    RingBuffer,

    /// <summary>Arrays may be mapped into memory. Linux 5.5.</summary>
    MappableArrays,

    /// <summary>Many elements in one system call. Linux 5.6.</summary>
    Batches,

    /// <summary>Maps may be bound to programs that do not use them. Linux 5.10.</summary>
    BindMap,

    /// <summary>Rights may be lent by tokens. Linux 6.9.</summary>
    Tokens,

    /// <summary>The kernel measures how long programs run. Linux 5.8.</summary>
    RunStatistics,

    /// <summary>A program was attached to a raw tracepoint. Linux 4.17.</summary>
    AttachRawTracepoint,

    /// <summary>A program was attached to a tracepoint with types. Linux 5.5.</summary>
    AttachTypedTracepoint,

    /// <summary>A program was attached to the beginning of a function. Linux 5.5.</summary>
    AttachFunctionEntry,

    /// <summary>A program was attached to the end of a function. Linux 5.5.</summary>
    AttachFunctionExit,

    /// <summary>A program was attached in place of a result. Linux 5.7.</summary>
    AttachModifyReturn,

    /// <summary>A program was attached to a hook of the security modules. Linux 5.7.</summary>
    AttachSecurityHook,

    /// <summary>A program was attached to an iterator. Linux 5.8.</summary>
    AttachIterator,

    /// <summary>A program was attached to a function by a kprobe. Linux 4.17.</summary>
    AttachKprobe,

    /// <summary>A program was attached to a function of user space by a uprobe. Linux 4.17.</summary>
    AttachUprobe,

    /// <summary>Perf events, and with them probes and tracepoints, are attached by links. Linux 5.15.</summary>
    PerfEventLink,

    /// <summary>A program was attached to functions by one link. Linux 5.18.</summary>
    KprobeMultiLink,

    /// <summary>One link for many functions of user space. Linux 6.6.</summary>
    UprobeMultiLink,

    /// <summary>Control groups are attached to by links. Linux 5.7.</summary>
    CgroupLink,

    /// <summary>Traffic control is attached to by links. Linux 6.6.</summary>
    TcxLink,

    /// <summary>Netkit devices are attached to by links. Linux 6.7.</summary>
    NetkitLink,

    /// <summary>A program was attached to the beginnings and the returns of functions by one link. Linux 6.10.</summary>
    KprobeSessionLink,

    /// <summary>One link for the beginnings and the returns of many functions of user space. Linux 6.13.</summary>
    UprobeSessionLink,

    /// <summary>
    /// One link for many functions of user space that watches all threads of a process, and no other. Linux 6.10; before, it
    /// watched one thread.
    /// </summary>
    UprobeMultiProcess,

    /// <summary>Structures of operations are attached by links. Linux 6.4.</summary>
    StructOpsLink,
}
