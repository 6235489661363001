using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;
using Weft.Testing;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>
/// What clang makes of a few lines of C that stand in the test: types, and in each section a program with relocations.
/// Reads just what these tests need of an object.
/// </summary>
internal sealed class CoReObject
{
    private const string Prelude = """
        typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
        typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
        #define SEC(name) __attribute__((section(name), used))
        #define CORE __attribute__((preserve_access_index))
        #define OFFSET(field) __builtin_preserve_field_info(field, 0)
        #define SIZE(field) __builtin_preserve_field_info(field, 1)
        #define EXISTS(field) __builtin_preserve_field_info(field, 2)
        #define SIGNED(field) __builtin_preserve_field_info(field, 3)
        #define LEFT(field) __builtin_preserve_field_info(field, 4)
        #define RIGHT(field) __builtin_preserve_field_info(field, 5)
        #define LOCAL_ID(type) __builtin_btf_type_id(*(type *)0, 0)
        #define KERNEL_ID(type) __builtin_btf_type_id(*(type *)0, 1)
        #define TYPE_EXISTS(type) __builtin_preserve_type_info(*(type *)0, 0)
        #define TYPE_SIZE(type) __builtin_preserve_type_info(*(type *)0, 1)
        #define TYPE_MATCHES(type) __builtin_preserve_type_info(*(type *)0, 2)
        #define ENUM_EXISTS(type, value) __builtin_preserve_enum_value(*(type *)value, 0)
        #define ENUM_VALUE(type, value) __builtin_preserve_enum_value(*(type *)value, 1)
        #define PROGRAM(name, ...) SEC(#name) u64 run_##name(__VA_ARGS__)

        """;

    private static readonly ConcurrentDictionary<(string, bool), Lazy<CoReObject>> Compiled = new();

    private readonly byte[] _elf;
    private readonly bool _isBigEndian;
    private readonly Dictionary<string, (int At, int Size)> _sections = [];
    private readonly Dictionary<string, List<CoReRelocation>> _relocations = [];

    private CoReObject(byte[] elf)
    {
        _elf = elf;
        _isBigEndian = elf[5] == 2;
        ReadSections();
        Types = BtfSpec.Parse(Section(".BTF").ToArray());
        if (_sections.ContainsKey(".BTF.ext"))
        {
            ReadRelocations();
        }
    }

    public BtfSpec Types { get; }

    public byte[] Elf => _elf;

    public IEnumerable<string> Programs => _relocations.Keys;

    public IReadOnlyList<CoReRelocation> Relocations(string program) => _relocations[program];

    public static CoReObject Compile(string source, bool isBigEndian = false) =>
        Compiled.GetOrAdd((source, isBigEndian), key => new(() => new(Run(Prelude + key.Item1, key.Item2)))).Value;

    /// <summary>A program as it is in the file, with the order of bytes of this machine.</summary>
    public Instruction[] Program(string name)
    {
        var bytes = Section(name).ToArray();
        var instructions = MemoryMarshal.Cast<byte, Instruction>(bytes).ToArray();
        for (var i = 0; _isBigEndian && i < instructions.Length; i++)
        {
            var (at, from) = (i * 8, instructions[i]);
            instructions[i].Registers = (byte)((from.Registers >> 4) | (from.Registers << 4));
            instructions[i].Offset = (short)((bytes[at + 2] << 8) | bytes[at + 3]);
            instructions[i].Immediate = (bytes[at + 4] << 24) | (bytes[at + 5] << 16) | (bytes[at + 6] << 8) | bytes[at + 7];
        }

        return instructions;
    }

    private static byte[] Run(string source, bool isBigEndian)
    {
        var target = Path.GetTempFileName();
        try
        {
            string[] arguments =
                ["-target", isBigEndian ? "bpfeb" : "bpfel", "-g", "-O2", "-mcpu=v3", "-x", "c", "-", "-c", "-o", target];
            var start = new ProcessStartInfo(Peers.Require("clang-19"), arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            process.StandardInput.Write(source);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            return File.ReadAllBytes(target);
        }
        finally
        {
            File.Delete(target);
        }
    }

    private ReadOnlySpan<byte> Section(string name) => _elf.AsSpan(_sections[name].At, _sections[name].Size);

    private void ReadSections()
    {
        var elf = new BoundedReader(_elf, _isBigEndian, "object");
        var headers = (long)elf.UInt64(0x28);
        var names = (long)elf.UInt64(headers + (elf.UInt16(0x3E) * 64) + 0x18);
        for (var at = headers; at < headers + (elf.UInt16(0x3C) * 64); at += 64)
        {
            var name = _elf.AsSpan((int)(names + elf.UInt32(at)));
            _sections[Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)])] =
                ((int)elf.UInt64(at + 0x18), (int)elf.UInt64(at + 0x20));
        }
    }

    private void ReadRelocations()
    {
        var reader = new BoundedReader(Section(".BTF.ext"), _isBigEndian, ".BTF.ext");
        var at = (int)(reader.UInt32(4) + reader.UInt32(24));
        var end = at + reader.UInt32(28);
        for (at += 4; at < end;)
        {
            var list = _relocations[Types.TextAt(reader.UInt32(at))] = [];
            var count = reader.UInt32(at + 4);
            for (at += 8; count > 0; count--, at += 16)
            {
                var access = Types.TextAt(reader.UInt32(at + 8));
                list.Add(new(reader.Int32(at) / 8, reader.UInt32(at + 4), access, (CoReKind)reader.UInt32(at + 12)));
            }
        }
    }
}
