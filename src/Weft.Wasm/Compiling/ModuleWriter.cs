using Weft.Flow;
using Weft.Wasm.Compiling.Bodies;
using Weft.Wasm.Compiling.Emit;
using Weft.Wasm.Compiling.Methods;

namespace Weft.Wasm.Compiling;

/// <summary>Compiles all methods that the exports lead to, and what stands around them: wrappers, the table, the start.</summary>
internal sealed class ModuleWriter(PluginProgram program, CompileSettings settings, IReadOnlyList<PluginExport> exports)
{
    private const int MostStack = 8 << 20;
    private readonly Dictionary<MethodInstance, MethodFacts> _facts = [];
    private MethodInstance? _report;

    public List<Diagnostic> Diagnostics { get; } = [];

    public PassEnd Pass()
    {
        foreach (var export in exports)
        {
            program.FunctionIndex(export.Method);
        }

        _report = settings.Contain && exports.Any(e => !e.IsRaw) ? program.Sources.Runtime("Faults", "Report") : null;
        CompileAll();
        if (_report is not null && exports.Any(e => !e.IsRaw && program.MayFault(e.Method)))
        {
            program.FunctionIndex(_report);
            CompileAll();
        }

        if (Diagnostics.Count > 0)
        {
            return PassEnd.None;
        }

        WriteExports();
        WriteTable();
        WriteStart();
        return End();
    }

    private void CompileAll()
    {
        // Compiling one asks for others, which are added at the end.
        for (var i = _facts.Count; i < program.Methods.Count; i++)
        {
            Compile(program.Methods[i]);
        }
    }

    private void Compile(MethodInstance method)
    {
        var compiler = new MethodCompiler(program, method);
        try
        {
            var body = compiler.Compile();
            var name = settings.Contain && PluginSources.IsSdk(method) ? "" : method.Shown;
            program.Module.Functions.Add(new DefinedFunction(program.TypeOf(method), body, name, method.Definition.NoInlining));
        }
        catch (NotInSubset refusal)
        {
            Diagnostics.Add(PluginCompiler.Diagnosed(refusal, compiler.At, method.Shown));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or
            InvalidCastException or KeyNotFoundException)
        {
            // The C# compiler never leaves the stack in such a state; what else does is not worth a check at each step.
            var refusal = new NotInSubset("PW0010", "the method's IL contradicts itself", "build it with the C# compiler");
            Diagnostics.Add(PluginCompiler.Diagnosed(refusal, compiler.At, method.Shown));
        }

        _facts[method] = compiler.Facts;
    }

    private void WriteExports()
    {
        var names = new HashSet<string> { "memory", "_initialize", "fault", "fuel" };
        foreach (var export in exports)
        {
            var index = program.FunctionIndex(export.Method);
            if (settings.Contain && program.MayFault(export.Method))
            {
                index = Wrap(export, index);
            }

            if (!names.Add(export.Name))
            {
                throw new NotInSubset("PW0014", $"the export {export.Name} is there twice", "name one differently");
            }

            program.Module.ExportFunction(export.Name, index);
        }

        program.Module.ExportMemory("memory");
        if (settings.ExportsGlobals)
        {
            program.Module.ExportGlobal("fault", (int)Globals.Fault);
            program.Module.ExportGlobal("fuel", (int)Globals.Fuel);
        }
    }

    /// <summary>Fills the fuel up before a callback, and tells of a fault after it.</summary>
    private int Wrap(PluginExport export, int index)
    {
        var parts = program.Sources.Parameters(export.Method).SelectMany(p => program.Sources.Layouts.Of(p).Parts).ToList();
        var results = program.Sources.Layouts.Of(program.Sources.Result(export.Method)).Parts;
        var code = new CodeBuilder();
        code.I32(settings.Fuel).Op(Op.GlobalSet, Globals.Fuel).I32(0).Op(Op.GlobalSet, Globals.Fault);
        for (var i = 0; i < parts.Count; i++)
        {
            code.Get(i);
        }

        code.Op(Op.Call, (uint)index);
        if (_report is not null && !export.IsRaw)
        {
            code.Op(Op.GlobalGet, Globals.Fault).Label(Op.If);
            code.Op(Op.Call, (uint)program.FunctionIndex(_report));
            if (results.Length == 1)
            {
                code.I32(export.OnFault).Op(Op.Return);
            }

            code.Label(Op.End);
        }

        var body = code.ToFunction([.. parts.Select(p => p.Type)]);
        return AddFunction(new DefinedFunction(program.TypeOf(export.Method), body, ""));
    }

    private int AddFunction(DefinedFunction function)
    {
        program.Module.Functions.Add(function);
        return program.Module.Imports.Count + program.Module.Functions.Count - 1;
    }

    private void WriteTable()
    {
        foreach (var method in program.TableMethods)
        {
            var index = program.FunctionIndex(method);
            program.Module.Table.Add(method.Definition.IsStatic ? Thunk(method, index) : index);
        }
    }

    /// <summary>A static method has no first argument that could be left alone: this has.</summary>
    private int Thunk(MethodInstance method, int index)
    {
        var parameters = program.Sources.Calls.Parameters(method);
        var code = new CodeBuilder();
        List<WasmType> types = [WasmType.I32, .. parameters.SelectMany(p => program.Sources.Layouts.Of(p).Parts).Select(p => p.Type)];
        for (var i = 1; i < types.Count; i++)
        {
            code.Get(i);
        }

        code.Op(Op.Call, (uint)index);
        var type = program.TypeIndex([Types.IlType.NativeInt, .. parameters], program.Sources.Result(method));
        return AddFunction(new DefinedFunction(type, code.ToFunction(types), method.Shown));
    }

    private void WriteStart()
    {
        if (program.Initializers.Count == 0)
        {
            return;
        }

        var code = new CodeBuilder();
        code.I32(settings.Fuel).Op(Op.GlobalSet, Globals.Fuel);

        foreach (var initializer in new InitializerOrder(_facts, [.. program.TableMethods]).Of(program.Initializers))
        {
            // One that fails leaves zeros behind and stops no other.
            code.I32(0).Op(Op.GlobalSet, Globals.Fault);
            code.Op(Op.Call, (uint)program.FunctionIndex(initializer));
        }

        var type = program.Module.TypeOf([], []);
        var body = code.ToFunction();
        program.Module.ExportFunction("_initialize", AddFunction(new DefinedFunction(type, body, "_initialize")));
    }

    private PassEnd End()
    {
        var names = program.WriteNames();
        var graph = new CallGraph(_facts, [.. program.TableMethods], PluginSources.IsTrusted);
        if (graph.StackNeed > MostStack || program.StaticsEnd > MostStack || program.Data.End > MostStack)
        {
            throw new NotInSubset("PW0012", "stack, static fields or literals take more than 8 MiB", "use arrays");
        }

        var bottom = Up(program.StaticsEnd, 16);
        var variable = program.Methods.Exists(program.IsChecked) || !settings.Contain;
        var top = Up(bottom + graph.StackNeed + (variable ? settings.StackSize : 0), 16);
        program.Module.Globals.AddRange([top, 0, settings.Fuel]);
        return new PassEnd(program.Module.Imports.Count, bottom, top, graph.StackNeed, Up(program.Data.End, 16), names, graph);
    }

    private static int Up(int value, int align) => (value + align - 1) / align * align;
}
