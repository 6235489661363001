using static Weft.Wasm.Tests.Modules.ModuleBytes;

namespace Weft.Wasm.Tests.Modules;

public sealed class MalformedModuleTests
{
    public static TheoryData<string, byte[], string> Malformed => new()
    {
        { "a section twice", Of(Section(1, 0), Section(1, 0)), "byte 11 (0xb): the type section is out of its order or stands twice" },
        { "sections in disorder", Of(Section(3, 0), Section(1, 0)), "the type section is out of its order" },
        { "the data count behind the code", Of(Section(10, 0), Section(12, 0)), "the data count section is out of its order" },
        { "an unknown section", Of(Section(14)), "there is no section 14" },
        { "a section longer than the file", [.. Header, 1, 5, 0], "section 1 of 5 bytes does not fit into the 1 that are left" },
        { "a section longer than its content", Of(Section(1, 0, 0)), "the type section is longer than what it holds" },
        { "a number of six bytes", [.. Header, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0], "the size of a section is longer than 32 bits" },
        { "a number of 35 bits", [.. Header, 1, 0x80, 0x80, 0x80, 0x80, 0x10], "the size of a section is longer than 32 bits" },
        { "a name that is not UTF-8", [.. Header, 0, 2, 1, 0xFF], "the name of a section is not UTF-8" },
        { "a type that is none", Of(Section(1, 1, 0x61)), "0x61 begins no function type" },
        { "a value type that is none", Of(Section(1, 1, 0x60, 1, 0x30, 0)), "0x30 is no type that may stand there" },
        { "a body without a declaration", Of(Section(10, 1, 2, 0, 0x0B)), "0 functions are declared, 1 have a body" },
        { "a body that goes on behind its end", OfBody(0, 0x0B, 0x0B), "instructions stand behind the end of a function" },
        { "a body that does not end", OfBody(0, 0x01), "it ends where an instruction must be" },
        { "data that is not announced", Of(Section(12, 1)), "1 data segments are announced, 0 are there" },
        { "an instruction that is none", OfBody(0, 0xFF, 0x0B), "there is no instruction 0xff" },
        { "a negative type of a block", OfBody(0, 0x02, 0x41, 0x0B, 0x0B), "0x41 is no type of a block" },
    };

    public static TheoryData<string, byte[], string> Unsupported => new()
    {
        { "threads", Of(Section(5, 1, 3, 1, 2)), "a shared memory (threads)" },
        { "atomics", OfBody(0, 0xFE, 0x03, 0, 0x0B), "threads (instruction 0xfe)" },
        { "64-bit memory", Of(Section(5, 1, 4, 1)), "a memory with 64-bit addresses" },
        { "several memories", Of(Section(5, 2, 0, 1, 0, 1)), "several memories" },
        { "tags", Of(Section(13, 0)), "exception handling (a tag section)" },
        { "exceptions", OfBody(0, 0x06, 0x40, 0x0B, 0x0B), "exception handling (instruction 0x06)" },
        { "tail calls", OfBody(0, 0x12, 0, 0x0B), "tail calls (instruction 0x12)" },
        { "structs", Of(Section(1, 1, 0x5F, 0)), "types of garbage-collected values" },
        { "typed references", Of(Section(1, 1, 0x60, 1, 0x64, 0)), "a reference type (0x64)" },
        { "relaxed vectors", OfBody(0, 0xFD, 0x80, 0x02, 0x0B), "relaxed vector instructions" },
        { "wide arithmetic", OfBody(0, 0xFC, 19, 0x0B), "wide arithmetic" },
        { "arithmetic in constants", Of(Section(6, 1, 0x7F, 0, 0x41, 1, 0x41, 2, 0x6A, 0x0B)), "arithmetic in a constant expression" },
    };

    public static TheoryData<string, string> Foreign => new()
    {
        { "0061736d0d000100", "a WebAssembly component, not a core module" },
        { "0061736d02000000", "of version 2, not 1" },
        { "7f454c4600000000", "does not begin with \\0asm" },
        { "0061736d", "does not begin with \\0asm" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_malformed_is_named_with_its_byte(string what, byte[] bytes, string message) =>
        Refused(what, bytes, "WEFT6102", message);

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void What_is_beyond_WebAssembly_2_is_named(string what, byte[] bytes, string message) =>
        Refused(what, bytes, "WEFT6104", message);

    [Theory]
    [MemberData(nameof(Foreign))]
    public void What_is_no_core_module_is_told_from_one(string hexadecimal, string message) =>
        Refused(hexadecimal, Convert.FromHexString(hexadecimal), "WEFT6101", message);

    private static void Refused(string what, byte[] bytes, string code, string message)
    {
        var finding = Judgement.Ours(bytes);
        Assert.True(finding is not null, what);
        Assert.Contains(code, finding, StringComparison.Ordinal);
        Assert.Contains(message, finding, StringComparison.Ordinal);
    }
}
