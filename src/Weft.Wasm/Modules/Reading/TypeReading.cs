using System.Collections.Immutable;

namespace Weft.Wasm.Modules.Reading;

// Types as the binary format writes them (WebAssembly 2.0, section 5.3).
internal static class TypeReading
{
    public static WasmType Value(ref ByteCursor bytes)
    {
        var at = bytes.Position;
        var code = bytes.Byte("a value type");
        return WasmTypes.IsType(code) ? (WasmType)code : throw Unknown(at, code);
    }

    public static WasmType Reference(ref ByteCursor bytes)
    {
        var at = bytes.Position;
        var type = Value(ref bytes);
        return type.IsReference() ? type : throw ModuleErrors.Malformed(at, $"{type.Word()} is no reference type");
    }

    public static FunctionType Function(ref ByteCursor bytes)
    {
        var at = bytes.Position;
        var form = bytes.Byte("a type");
        if (form != 0x60)
        {
            throw form is 0x5F or 0x5E or 0x50 or 0x4F or 0x4E
                ? ModuleErrors.Unsupported(at, "types of garbage-collected values")
                : ModuleErrors.Malformed(at, $"0x{form:x2} begins no function type");
        }

        var parameters = List(ref bytes, "parameters", EngineLimits.Parameters);
        var results = List(ref bytes, "results", EngineLimits.Results);
        return parameters.IsEmpty && results.IsEmpty ? FunctionType.Empty : new(parameters, results);
    }

    public static TableType Table(ref ByteCursor bytes)
    {
        var at = bytes.Position;
        var element = bytes.Byte("a table's type");
        return WasmTypes.IsType(element) && ((WasmType)element).IsReference()
            ? new((WasmType)element, Limits(ref bytes, "table", uint.MaxValue))
            : throw Unknown(at, element);
    }

    public static MemoryType Memory(ref ByteCursor bytes) => new(Limits(ref bytes, "memory", 65536));

    public static GlobalType Global(ref ByteCursor bytes)
    {
        var type = Value(ref bytes);
        var at = bytes.Position;
        var mutability = bytes.Byte("a global's mutability");
        return mutability <= 1
            ? new(type, mutability == 1)
            : throw ModuleErrors.Malformed(at, $"0x{mutability:x2} is no mutability");
    }

    private static Limits Limits(ref ByteCursor bytes, string what, uint most)
    {
        var at = bytes.Position;
        var flags = bytes.Byte($"the limits of a {what}");
        if (flags > 1)
        {
            throw flags switch
            {
                2 or 3 => ModuleErrors.Unsupported(at, $"a shared {what} (threads)"),
                >= 4 and <= 7 => ModuleErrors.Unsupported(at, $"a {what} with 64-bit addresses"),
                _ => ModuleErrors.Malformed(at, $"0x{flags:x2} begins no limits"),
            };
        }

        var minimum = bytes.U32($"the least size of a {what}");
        uint? maximum = flags == 1 ? bytes.U32($"the largest size of a {what}") : null;
        return minimum > most || maximum > most ? throw ModuleErrors.Invalid(at, $"a {what} is larger than {most}")
            : maximum < minimum ? throw ModuleErrors.Invalid(at, $"a {what} is larger at the start than it may become")
            : new(minimum, maximum);
    }

    private static ImmutableArray<WasmType> List(ref ByteCursor bytes, string what, int limit)
    {
        var count = bytes.Count(what, limit);
        var types = ImmutableArray.CreateBuilder<WasmType>(count);
        for (var i = 0; i < count; i++)
        {
            types.Add(Value(ref bytes));
        }

        return types.MoveToImmutable();
    }

    private static WasmFormatException Unknown(int at, byte code) => code switch
    {
        0x63 or 0x64 or (>= 0x69 and <= 0x6E) or (>= 0x71 and <= 0x74) =>
            ModuleErrors.Unsupported(at, $"a reference type (0x{code:x2})"),
        _ => ModuleErrors.Malformed(at, $"0x{code:x2} is no type that may stand there"),
    };
}
