using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Weft.Wasm.Compiling;

namespace Weft.Wasm.Tests.Compiling.Stage;

/// <summary>The same methods under the framework's JIT and as wasm: both must give the same for the same arguments.</summary>
internal static class Twins
{
    private const int MostCalls = 400;

    /// <summary>Calls every public method of the class <c>Tested</c> with numbers of all kinds, in both ways.</summary>
    /// <param name="members">The members of the class; types may stand among them.</param>
    public static void Agree(string members)
    {
        var source = $"public static unsafe partial class Tested\n{{\n{members}\n}}\n";
        var jit = Load(CSharpSource.Compile(source));
        var methods = jit.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        var full = source + Exports(methods);
        using var wasm = new WasmInstance(WasmModule.Of(full));
        Assert.NotEmpty(methods);
        foreach (var method in methods)
        {
            Compare(method, wasm);
        }
    }

    private static Type Load(PluginAssembly assembly)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        return context.LoadFromStream(new MemoryStream(assembly.Image)).GetType("Tested")!;
    }

    private static string Exports(MethodInfo[] methods)
    {
        var text = new StringBuilder("internal static unsafe class Exports\n{\n");
        foreach (var method in methods)
        {
            var parameters = method.GetParameters();
            var declared = string.Join(", ", parameters.Select(p => $"{Carrier(p.ParameterType)} {p.Name}"));
            var passed = string.Join(", ", parameters.Select(p => $"{Back(p.ParameterType)}{p.Name}"));
            var result = method.ReturnType == typeof(void) ? "void" : Carrier(method.ReturnType);
            text.Append(CultureInfo.InvariantCulture, $"[UnmanagedCallersOnly(EntryPoint = \"{method.Name}\")] static {result} {method.Name}({declared}) => ");
            text.Append(CultureInfo.InvariantCulture, $"{Out(method.ReturnType)}Tested.{method.Name}({passed}){(method.ReturnType == typeof(bool) ? " ? 1 : 0" : "")};\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Carrier(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int64 or TypeCode.UInt64 => "long",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        _ => "int",
    };

    private static string Out(Type type) => type == typeof(void) || type == typeof(bool) ? "" : $"({Carrier(type)})";

    private static string Back(Type type) => type == typeof(bool) ? "0 != " : $"({Name(type)})";

    private static string Name(Type type) => type.Name switch
    {
        "Single" => "float",
        var name => name,
    };

    private static void Compare(MethodInfo method, WasmInstance wasm)
    {
        var types = method.GetParameters().Select(p => p.ParameterType).ToArray();
        foreach (var arguments in Numbers.Tuples(types, MostCalls))
        {
            var expected = UnderJit(method, arguments);
            object? got;
            try
            {
                got = wasm.Call(method.Name, [.. arguments.Select(Carried)]);
            }
            catch (Exception e) when (e is Wasmtime.WasmtimeException)
            {
                got = e;
            }

            Assert.True(Same(expected, got, wasm), $"{method.Name}({string.Join(", ", arguments)}): {expected} under the JIT, {wasm.Fault?.ToString() ?? got} in wasm");
        }
    }

    private static object? UnderJit(MethodInfo method, object[] arguments)
    {
        try
        {
            return method.Invoke(null, arguments) is { } value ? Carried(value) : null;
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException;
        }
    }

    private static object Carried(object value) => value switch
    {
        bool b => b ? 1 : 0,
        char c => (int)c,
        ulong u => unchecked((long)u),
        uint u => unchecked((int)u),
        long or float or double or int => value,
        Enum e => Convert.ToInt32(e, CultureInfo.InvariantCulture),
        _ => Convert.ToInt32(value, CultureInfo.InvariantCulture),
    };

    private static bool Same(object? expected, object? got, WasmInstance wasm) => expected switch
    {
        IndexOutOfRangeException or ArgumentOutOfRangeException => wasm.Fault == FaultKind.Index,
        DivideByZeroException => wasm.Fault is FaultKind.Division,
        OverflowException => wasm.Fault is FaultKind.Division or FaultKind.Memory or FaultKind.Thrown,
        NullReferenceException => wasm.Fault is FaultKind.Null or FaultKind.Index,
        ArgumentException or InvalidOperationException => wasm.Fault is not null,
        Exception => wasm.Fault == FaultKind.Thrown,
        _ => wasm.Fault is null && got is not Exception && (Equals(expected, got) || (got is float.NaN && expected is float.NaN)),
    };
}
