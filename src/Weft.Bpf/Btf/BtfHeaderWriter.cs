namespace Weft.Bpf.Btf;

/// <summary>
/// Writes types as a C header. What a type contains stands before it; what it only points to is declared. What has no name
/// stands where it is used.
/// </summary>
internal sealed class BtfHeaderWriter
{
    private const int MaxDepth = 1024;

    // A kernel's header is half as long as its BTF; damaged types could be written without end.
    private const long MostPerByte = 16;
    private const long MostBeside = 1 << 20;

    private readonly BtfSpec _types;
    private readonly TextWriter _output;
    private readonly List<BtfFunction> _functions;
    private readonly BtfHeaderNames _names;
    private readonly BtfHeaderLayout _layout;
    private readonly byte[] _states;
    private readonly HashSet<string> _declared = [];
    private long _left = MostBeside;
    private int _depth;

    private BtfHeaderWriter(BtfSpec types, TextWriter output)
    {
        _types = types;
        _output = output;
        _functions = KernelFunctions(types);
        _names = new(types, _functions.Select(f => f.Name));
        _layout = new(types);
        _states = new byte[types.EndId * 2];
        for (var file = types; file is not null; file = file.Base)
        {
            _left += file.Bytes.Length * MostPerByte;
        }
    }

    public static void Write(BtfSpec types, TextWriter output)
    {
        if (types.PointerSize != sizeof(long))
        {
            throw new BpfFormatException("these types are of a machine with pointers of 32 bits; eBPF has them of 64 bits");
        }

        new BtfHeaderWriter(types, output).Write();
    }

    private void Write()
    {
        Line("#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n");
        Line("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n#endif\n");
        foreach (var id in Ids(BtfKind.Int, BtfKind.Float))
        {
            if (_types.Get(id) is var type && BtfHeaderBase.BuiltinName(type) is null)
            {
                Line(BtfHeaderBase.Declaration(type, _names.Of(id)));
            }
        }

        Enumerations();
        foreach (var id in Ids(BtfKind.Struct, BtfKind.Union, BtfKind.Typedef))
        {
            if (!_types.NameBytes(id).IsEmpty)
            {
                Need(id, isWhole: true);
            }
        }

        Line("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop\n#endif\n");
        Functions();
        Line("#endif");
    }

    // They need nothing, and cannot be declared before they are written. Those without a name are constants of the kernel's.
    private void Enumerations()
    {
        var used = new HashSet<uint>();
        for (uint id = 1; id < _types.EndId; id++)
        {
            used.UnionWith(_types.Get(id) switch
            {
                BtfReference type => [type.Target],
                BtfArray type => [type.Element],
                BtfComposite type => type.Members.Select(m => m.Type),
                BtfPrototype type => type.Parameters.Select(p => p.Type).Append(type.Result),
                _ => [],
            });
        }

        foreach (var id in Ids(BtfKind.Enum, BtfKind.Enum64))
        {
            if (!_types.NameBytes(id).IsEmpty || !used.Contains(id))
            {
                Definition(id);
            }
        }
    }

    private void Functions()
    {
        if (_functions.Count == 0)
        {
            return;
        }

        foreach (var function in _functions)
        {
            Need(function.Prototype, isWhole: false);
        }

        Line("#ifndef BPF_NO_KFUNC_PROTOTYPES\n#ifndef __ksym\n#define __ksym __attribute__((section(\".ksyms\")))\n#endif\n#ifndef __weak\n#define __weak __attribute__((weak))\n#endif\n");
        foreach (var function in _functions)
        {
            var text = Declarations();
            text.Append("extern ");
            text.Declare(function.Prototype, function.Name);
            Line($"{text} __weak __ksym;");
        }

        Line("#endif\n");
    }

    /// <summary>Writes what must stand before a type can be named, or be contained.</summary>
    private void Need(uint id, bool isWhole)
    {
        const byte Begun = 1;
        const byte Done = 2;
        if (id >= _types.EndId)
        {
            throw new BpfFormatException($"type {id} is named, and there is none");
        }

        ref var state = ref _states[(id * 2) + (isWhole ? 1 : 0)];
        if (state == Done || id == 0)
        {
            return;
        }

        if (state == Begun || ++_depth > MaxDepth)
        {
            throw new BpfFormatException($"type {id} ({_types.NameOf(id)}) contains itself, or is nested too deeply");
        }

        state = Begun;
        switch (_types.Get(id))
        {
            case BtfReference { Kind: BtfKind.Pointer } type:
                Need(type.Target, isWhole: false);
                break;
            case BtfReference { Kind: BtfKind.Typedef } type:
                Typedef(type, isWhole);
                break;
            case BtfReference type:
                Need(type.Target, isWhole);
                break;
            case BtfArray type:
                // Also one that is only pointed to wants to know how large its elements are.
                Need(type.Element, isWhole: true);
                break;
            case BtfPrototype type:
                Need(type.Result, isWhole: false);
                type.Parameters.ToList().ForEach(p => Need(p.Type, isWhole: false));
                break;
            case BtfForward or BtfComposite { Name.Length: > 0 } when !isWhole || _types.KindOf(id) == BtfKind.Forward:
                Declare(id);
                break;
            case BtfComposite type:
                Composite(type);
                break;
        }

        state = Done;
        _depth--;
    }

    private void Typedef(BtfReference type, bool isWhole)
    {
        if (isWhole)
        {
            Need(type.Id, isWhole: false);
            Need(type.Target, isWhole: true);
            return;
        }

        Need(type.Target, isWhole: false);
        var text = Declarations();
        text.Append("typedef ");
        text.Declare(type.Target, _names.Of(type.Id));
        Line($"{text};\n");
    }

    private void Composite(BtfComposite type)
    {
        foreach (var member in type.Members)
        {
            Need(member.Type, isWhole: true);
        }

        if (type.Name.Length > 0)
        {
            Definition(type.Id);
            _declared.Add(_names.Of(type.Id));
        }
    }

    private void Declare(uint id)
    {
        if (_declared.Add(_names.Of(id)))
        {
            var isUnion = _types.Get(id) is BtfForward { IsUnion: true } or BtfComposite { Kind: BtfKind.Union };
            Line($"{(isUnion ? "union" : "struct")} {_names.Of(id)};\n");
        }
    }

    private void Definition(uint id)
    {
        var text = Declarations();
        text.Define(_types.Get(id));
        Line($"{text};\n");
    }

    private BtfHeaderDeclarations Declarations() => new(_types, _names, _layout);

    private void Line(string text)
    {
        _left -= text.Length;
        if (_left < 0)
        {
            throw new BpfFormatException("a header of these types would be far longer than they are");
        }

        _output.Write(text);
        _output.Write('\n');
    }

    private IEnumerable<uint> Ids(params BtfKind[] kinds)
    {
        for (uint id = 1; id < _types.EndId; id++)
        {
            if (kinds.Contains(_types.KindOf(id)))
            {
                yield return id;
            }
        }
    }

    private static List<BtfFunction> KernelFunctions(BtfSpec types)
    {
        List<BtfFunction> found = [];
        for (uint id = 1; id < types.EndId; id++)
        {
            if (types.KindOf(id) == BtfKind.DeclarationTag && types.Get(id) is BtfDeclarationTag { Name: "bpf_kfunc" } tag
                && types.Get(tag.Target) is BtfFunction function && function.Name == BtfHeaderNames.Identifier(function.Name))
            {
                found.Add(function);
            }
        }

        return [.. found.DistinctBy(f => f.Name)];
    }
}
