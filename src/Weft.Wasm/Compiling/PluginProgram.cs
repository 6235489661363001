using System.Collections.Immutable;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling.Bodies;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;
using Weft.Wasm.Compiling.Types;

namespace Weft.Wasm.Compiling;

/// <summary>
/// One pass over a plugin: methods ask it for the numbers of what they use, and what they ask for is compiled in turn. The
/// passes are repeated until those numbers are the ones that the pass before ended with.
/// </summary>
internal sealed class PluginProgram
{
    /// <summary>Below lies what null points to: an array of no elements.</summary>
    public const int FirstAddress = 16;
    private const int MostMethods = 4000;
    private readonly CompileSettings _settings;
    private readonly PassEnd _before;
    private readonly Dictionary<MethodInstance, int> _functions = [];
    private readonly Dictionary<string, int> _imports = [];
    private readonly Dictionary<MethodInstance, int> _table = [];
    private readonly Dictionary<string, int> _statics = [];
    private readonly Dictionary<MethodInstance, int> _names = [];
    private int _staticsEnd = FirstAddress;

    public PluginProgram(PluginSources sources, CompileSettings settings, PassEnd before)
    {
        (Sources, _settings, _before) = (sources, settings, before);
        Data = new DataSegment(before.StackTop);
    }

    public PluginSources Sources { get; }

    public DataSegment Data { get; }

    public ModuleBuilder Module { get; } = new();

    /// <summary>The methods that are compiled, in the order in which they were asked for.</summary>
    public List<MethodInstance> Methods { get; } = [];

    /// <summary>The types whose static fields are used, and so have their initializers run at the start.</summary>
    public List<MethodInstance> Initializers { get; } = [];

    public bool Contains => _settings.Contain;

    public int StackTop => _before.StackTop;

    public int StackBottom => _before.StackBottom;

    public int StackLimit => _before.StackBottom + _before.StackNeed;

    public int DataEnd => _before.DataEnd;

    public int NameTable => _before.NameTable;

    public int StaticsEnd => _staticsEnd;

    public IEnumerable<MethodInstance> TableMethods => _table.Keys;

    /// <summary>The body of a method that is written where it is called, or null.</summary>
    public IReadOnlyList<Insn>? Inline(MethodInstance method, MethodInstance caller) =>
        method != caller && !IsRecursive(method) && Sources.IsSmall(method) ? Sources.Body(method) : null;

    public int FunctionIndex(MethodInstance method)
    {
        if (!_functions.TryGetValue(method, out var index))
        {
            if (Methods.Count == MostMethods)
            {
                throw new NotInSubset("PW0012", $"more than {MostMethods} methods are used", "split the plugin");
            }

            index = Methods.Count;
            Methods.Add(method);
            _functions[method] = index;
        }

        return _before.Imports + index;
    }

    public int ImportIndex(CallTarget.Import import)
    {
        var key = $"{import.Module}.{import.Name}";
        if (!_imports.TryGetValue(key, out var index))
        {
            _imports[key] = index = Module.Imports.Count;
            Module.Imports.Add(new ImportedFunction(import.Module, import.Name, TypeOf(import.Method)));
        }

        return index;
    }

    public int TypeOf(MethodInstance method) => TypeIndex(Sources.Parameters(method), Sources.Result(method));

    public int TypeIndex(ImmutableArray<IlType> parameters, IlType result) => Module.TypeOf(
        parameters.SelectMany(p => Sources.Layouts.Of(p).Parts).Select(p => p.Type), Sources.Layouts.Of(result).Parts.Select(p => p.Type));

    public int TableSlot(MethodInstance method)
    {
        if (!_table.TryGetValue(method, out var slot))
        {
            _table[method] = slot = _table.Count + 1;
            FunctionIndex(method);
        }

        return slot;
    }

    public int StaticAddress(FieldDefinition field, IlType owner, IlType type, MethodFacts user)
    {
        var initializer = field.DeclaringType.Methods.FirstOrDefault(m => m.IsConstructor && m.IsStatic) is { } own
            ? new MethodInstance(own, owner, [])
            : null;
        if (initializer is not null)
        {
            user.Initializers.Add(initializer);
            Initialize(initializer);
        }

        var key = $"{owner.Name}::{field.Name}";
        if (!_statics.TryGetValue(key, out var address))
        {
            var layout = Sources.Layouts.Of(type);
            address = (_staticsEnd + layout.Align - 1) / layout.Align * layout.Align;
            _staticsEnd = address + layout.Size;
            _statics[key] = address;
        }

        return address;
    }

    private void Initialize(MethodInstance initializer)
    {
        if (!Initializers.Contains(initializer))
        {
            Initializers.Add(initializer);
            FunctionIndex(initializer);
        }
    }

    public int Literal(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? FirstAddress : Data.Literal(bytes);

    public bool MayFault(MethodInstance method) => _before.Graph?.MayFault(method) ?? true;

    public bool IsRecursive(MethodInstance method) => _before.Graph?.IsRecursive(method) ?? false;

    /// <summary>Whether it looks at how much stack is left: it calls itself, or takes as much as it is told.</summary>
    public bool IsChecked(MethodInstance method) => Contains && (IsRecursive(method) || Sources.Body(method).Exists(i => i.Code == Code.Localloc));

    public int Cost(MethodInstance method) => _before.Graph?.Cost(method) ?? 0;

    public int CostAtEntry(MethodInstance method) => _before.Graph?.CostAtEntry(method) ?? 0;

    /// <summary>Reason, line and method in one number, which is not 0: see <c>Faults</c> in the SDK.</summary>
    public int SiteCode(MethodInstance method, FaultKind kind, int line)
    {
        if (!_names.TryGetValue(method, out var number))
        {
            _names[method] = number = Math.Min(_names.Count + 1, 4095);
        }

        return (int)kind | (Math.Min(line, 0xffff) << 3) | (number << 19);
    }

    /// <summary>The names for faults in the order of their numbers, each with a zero behind it.</summary>
    public int WriteNames() =>
        Literal(Encoding.UTF8.GetBytes(string.Concat(_names.Keys.Take(4095).Select(m => m.Shown + '\0'))));
}

/// <summary>What a pass ended with, and the next begins with.</summary>
internal sealed record PassEnd(int Imports, int StackBottom, int StackTop, int StackNeed, int DataEnd, int NameTable, CallGraph? Graph)
{
    /// <summary>The pass before the first: nothing is known.</summary>
    public static PassEnd None { get; } = new(0, PluginProgram.FirstAddress, 1 << 14, 0, 1 << 16, 1 << 14, null);
}
