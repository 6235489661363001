using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking;

/// <summary>
/// Puts the functions that a program calls, or takes the address of, behind it: each once, when it is first seen, and what it
/// calls itself before what comes after the call, which is libbpf's order.
/// </summary>
internal sealed class ProgramLinker
{
    private const int MaxInstructions = 4_000_000;
    private const int MaxDepth = 512;

    private readonly ObjectSpec _spec;
    private readonly Func<CodeFunction, ReadOnlyMemory<Instruction>> _code;
    private readonly List<Instruction> _instructions = [];
    private readonly List<Reference> _references = [];
    private readonly List<FunctionInfo> _functions = [];
    private readonly List<LineInfo> _lines = [];
    private readonly Dictionary<CodeFunction, int> _starts = new(ReferenceEqualityComparer.Instance);

    private ProgramLinker(ObjectSpec spec, Func<CodeFunction, ReadOnlyMemory<Instruction>> code)
    {
        _spec = spec;
        _code = code;
    }

    /// <param name="code">The code of a function, with what it needs to know of the kernel in it.</param>
    public static LinkedProgram Link(ObjectSpec spec, ProgramSpec program, Func<CodeFunction, ReadOnlyMemory<Instruction>> code)
    {
        var linker = new ProgramLinker(spec, code);
        linker.Append(program.Entry, 0);
        var isTyped = linker._functions.All(f => f.Type != 0);
        return new(
            program, [.. linker._instructions], linker._references, isTyped ? linker._functions : [], isTyped ? linker._lines : []);
    }

    private void Append(CodeFunction function, int depth)
    {
        var start = _instructions.Count;
        if (depth > MaxDepth || start + function.Code.Length > MaxInstructions)
        {
            throw new BpfFormatException($"{function.Name}: calls are nested too deeply, or there are too many instructions");
        }

        _starts[function] = start;
        _instructions.AddRange(_code(function).Span);
        _functions.Add(new(start, function.Type));
        _lines.AddRange(function.Lines.Select(l => l with { Instruction = l.Instruction + start }));
        var next = 0;
        for (var i = 0; i < function.Code.Length; i++)
        {
            while (next < function.References.Length && function.References[next].Instruction < i)
            {
                next++;
            }

            var reference = next < function.References.Length && function.References[next].Instruction == i
                ? function.References[next]
                : (Reference?)null;
            Resolve(function, start, i, reference, depth);
            i += _instructions[start + i].IsWideLoad ? 1 : 0;
        }
    }

    private void Resolve(CodeFunction function, int start, int index, Reference? reference, int depth)
    {
        // Looked at as it is now: what a kernel does not have was made another call.
        var instruction = _instructions[start + index];
        if (reference is { Kind: not (ReferenceKind.Call or ReferenceKind.Function) } other)
        {
            _references.Add(other with { Instruction = start + index });
            return;
        }

        var isAddress = reference?.Kind == ReferenceKind.Function;
        if (!isAddress && !instruction.IsLocalCall)
        {
            return;
        }

        var within = index + (long)instruction.Immediate + 1;
        if (reference is null && within > 0 && within < function.Code.Length)
        {
            // Assembled as one piece.
            return;
        }

        var target = reference is { } known
            ? Find(function, known.Section, known.Offset)
            : Find(function, function.Section, function.Start + within);
        if (!_starts.TryGetValue(target, out var targetStart))
        {
            targetStart = _instructions.Count;
            Append(target, depth + 1);
        }

        instruction.Immediate = targetStart - (start + index) - 1;
        if (isAddress)
        {
            instruction.Source = Pseudo.Function;
        }

        _instructions[start + index] = instruction;
    }

    private CodeFunction Find(CodeFunction caller, int section, long start) =>
        start is >= 0 and <= int.MaxValue && _spec.Functions.TryGetValue((section, (int)start), out var function)
            ? function
            : throw new BpfFormatException($"{caller.Name}: there is no function at instruction {start} of section {section}");
}
