using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Wasm.Compiling;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling;

/// <summary>What is not in the subset is refused at its place in the source.</summary>
public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("PW0001", "object x = a; return x == null ? 1 : 2;")]
    [InlineData("PW0001", "int[,] x = null!; return Any2(ref x);")]
    [InlineData("PW0001", "Overlaid x = default; x.A = a; return Take(ref x);")]
    [InlineData("PW0002", "object x = a > 1 ? \"text\" : \"other\"; return Any(x);")]
    [InlineData("PW0004", "return DateTime.UtcNow.Second;")]
    [InlineData("PW0004", "return Environment.TickCount;")]
    [InlineData("PW0007", "return new Open().Virtual();")]
    [InlineData("PW0007", "Func<int> f = () => a; return f();")]
    [InlineData("PW0007", "Func<int> f = new Closed(a).Read; return f();")]
    [InlineData("PW0007", "IShape x = null!; return x.Area();")]
    [InlineData("PW0008", "return Compared(a, 3);")]
    [InlineData("PW0010", "if (a > 7) goto two; one: a--; if (a > 5) goto two; return a; two: a -= 2; if (a > 3) goto one; return 0;")]
    [InlineData("PW0011", "return checked(a + 1);")]
    [InlineData("PW0012", "return Grows(new Wide<int>(), a);")]
    public void What_is_not_in_the_subset_is_refused_at_its_place(string code, string body)
    {
        var found = Assert.Single(Diagnose(Source(body)).Diagnostics.DistinctBy(d => d.Code));
        Assert.Equal(code, found.Code);
        if (code is not ("PW0008" or "PW0010" or "PW0012"))
        {
            Assert.Equal(("Plugin.cs", 5), (found.Where?.File, found.Where?.Line));
            Assert.InRange(found.Where!.Column, 5, 5 + body.Length);
        }
    }

    [Fact]
    public void Catch_is_refused_where_it_stands()
    {
        var found = Assert.Single(Diagnose(Source("try { a++; }\n    catch { a = 0; }\n return a;")).Diagnostics);
        Assert.Equal(("PW0005", 6, 5), (found.Code, found.Where!.Line, found.Where.Column));
    }

    [Fact]
    public void An_instruction_that_is_unknown_is_refused()
    {
        var compiled = Diagnose(Source("return a;"), (method, il) =>
        {
            method.Body.Instructions.Insert(0, il.Create(OpCodes.Pop));
            method.Body.Instructions.Insert(0, il.Create(OpCodes.Arglist));
        });
        Assert.Equal("PW0009", Assert.Single(compiled.Diagnostics).Code);
    }

    [Fact]
    public void Without_the_sdk_a_plugin_lacks_its_foundation()
    {
        var compiled = PluginCompiler.Compile(CSharpSource.Compile(Source("return new int[a].Length;")), []);
        Assert.Equal("PW0013", Assert.Single(compiled.Diagnostics).Code);
    }

    [Theory]
    [InlineData("static class Nothing { static int One() => 1; }")]
    [InlineData("struct A : IHttpPlugin<A, SA> { } struct SA : IHttpStream<A> { } struct B : IHttpPlugin<B, SB> { } struct SB : IHttpStream<B> { }")]
    [InlineData("static class Two { [UnmanagedCallersOnly(EntryPoint = \"a\")] static int One() => 1; [UnmanagedCallersOnly(EntryPoint = \"a\")] static int Other() => 2; }")]
    public void An_assembly_has_one_plugin(string source) =>
        Assert.Equal("PW0014", Assert.Single(Diagnose(source).Diagnostics).Code);

    [Fact]
    public void What_is_no_assembly_cannot_be_read() =>
        Assert.Equal("PW0015", Assert.Single(PluginCompiler.Compile(new PluginAssembly([1, 2, 3]), [CSharpSource.Sdk]).Diagnostics).Code);

    [Fact]
    public void The_same_source_gives_the_same_bytes_also_from_another_folder()
    {
        var source = Source("var x = new int[3]; Span<int> y = x; return y[a] + \"text\"u8.Length;");
        var (here, there) = (CSharpSource.Compile(source, "/here/Plugin.cs"), CSharpSource.Compile(source, "/some/where/else/Plugin.cs"));
        Assert.Equal(WasmModule.Of(here), WasmModule.Of(here));
        Assert.Equal(WasmModule.Of(here), WasmModule.Of(there));
    }

    internal static CompiledPlugin Diagnose(string source, Action<MethodDefinition, ILProcessor>? change = null)
    {
        var assembly = CSharpSource.Compile(source, "Plugin.cs");
        return PluginCompiler.Compile(change is null ? assembly : Changed(assembly, change), [CSharpSource.Sdk]);
    }

    private static PluginAssembly Changed(PluginAssembly assembly, Action<MethodDefinition, ILProcessor> change)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(assembly.Image));
        var method = module.GetType("Plugin").Methods.First(m => m.Name == "Run");
        change(method, method.Body.GetILProcessor());
        using var changed = new MemoryStream();
        module.Write(changed);
        return new PluginAssembly(changed.ToArray());
    }

    internal static string Source(string body) =>
        $$"""
        static unsafe class Plugin {
          [UnmanagedCallersOnly(EntryPoint = "run")]
          static int Run(int a)
          {
            {{body}}
          }
          static int Any2(ref int[,] x) => 1;
          static int Any(object x) => 1;
          static int Take(ref Overlaid x) => x.B;
          static int Compared<T>(T a, T b) where T : IComparable<T> => a.CompareTo(b);
          static int Grows<T>(T x, int n) where T : struct => n == 0 ? 1 : Grows(new Wide<T>(), n - 1);
          struct Wide<T> { public T A; }
          [StructLayout(LayoutKind.Explicit)] struct Overlaid { [FieldOffset(0)] public int A; [FieldOffset(0)] public byte B; }
          class Open { public virtual int Virtual() => 1; }
          class Closed(int a) { public int Read() => a; }
          interface IShape { int Area(); }
        }
        """;
}
