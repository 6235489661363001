using Weft.Flow;
using Weft.Wasm.Checking;
using Weft.Wasm.Compiling;

if (args is not [var plugin, var output, .. var libraries])
{
    await Console.Error.WriteLineAsync("usage: PluginBuild PLUGIN.dll OUTPUT.wasm LIBRARY.dll ...");
    return 2;
}

var compiled = PluginCompiler.Compile(Read(plugin), libraries.Select(Read));
var errors = (compiled.Module is { } module ? PluginCheck.Check(module, output) : compiled.Diagnostics)
    .Where(d => d.Severity == Severity.Error);
var failed = false;
foreach (var error in errors)
{
    // As MSBuild reads it: its error of this build.
    var place = error.Where is { } where ? $"{where.File}({where.Line},{where.Column})" : plugin;
    await Console.Error.WriteLineAsync($"{place}: error {error.Code}: {error.Message}");
    failed = true;
}

if (failed)
{
    return 1;
}

// Written beside and moved: who reads it has all of it.
await File.WriteAllBytesAsync($"{output}.part", compiled.Module!);
File.Move($"{output}.part", output, overwrite: true);
return 0;

static PluginAssembly Read(string file)
{
    var symbols = Path.ChangeExtension(file, ".pdb");
    return new(File.ReadAllBytes(file), File.Exists(symbols) ? File.ReadAllBytes(symbols) : null);
}
