using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>A function that modules import.</summary>
/// <param name="Name">Its name, without that of the module that it is imported from.</param>
/// <param name="Type">Its type.</param>
/// <param name="Define">Defines it in a linker, under a module's name.</param>
internal sealed record HostFunction(string Name, Signature Type, Action<Linker, string> Define)
{
    /// <summary>The versions of the ABI in which it is offered; null in all.</summary>
    public AbiVersion[]? Versions { get; init; }

    public static HostFunction Of(string name, Action f) =>
        new(name, Signature.Parse(":"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Action<int> f) =>
        new(name, Signature.Parse("i:"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int> f) =>
        new(name, Signature.Parse(":i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int> f) =>
        new(name, Signature.Parse("i:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int> f) =>
        new(name, Signature.Parse("ii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction OfLong(string name, Func<int, long, int> f) =>
        new(name, Signature.Parse("iI:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int, int> f) =>
        new(name, Signature.Parse("iii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction OfLong(string name, Func<int, long, int, int> f) =>
        new(name, Signature.Parse("iIi:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction OfLong(string name, Func<int, long, long, int> f) =>
        new(name, Signature.Parse("iII:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction OfLong(string name, Func<int, long, long, int, int> f) =>
        new(name, Signature.Parse("iIIi:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction OfLong(string name, Func<int, int, int, long, int, int> f) =>
        new(name, Signature.Parse("iiiIi:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int, int, int> f) =>
        new(name, Signature.Parse("iiii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int, int, int, int> f) =>
        new(name, Signature.Parse("iiiii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int, int, int, int, int> f) =>
        new(name, Signature.Parse("iiiiii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int, int, int, int, int, int, int> f) =>
        new(name, Signature.Parse("iiiiiiii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int, int, int, int, int, int, int, int> f) =>
        new(name, Signature.Parse("iiiiiiiii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(string name, Func<int, int, int, int, int, int, int, int, int, int, int> f) =>
        new(name, Signature.Parse("iiiiiiiiii:i"), (l, m) => l.DefineFunction(m, name, f));

    public static HostFunction Of(
        string name, Func<int, int, int, int, int, int, int, int, int, int, int, int, int> f) =>
        new(name, Signature.Parse("iiiiiiiiiiii:i"), (l, m) => l.DefineFunction(m, name, f));

    /// <summary>A function of any type that always answers the same.</summary>
    public static HostFunction Fixed(string name, string parameters, int answer)
    {
        ValueKind[] kinds = [.. parameters.Select(p => p == 'I' ? ValueKind.Int64 : ValueKind.Int32)];
        return new(name, Signature.Parse($"{parameters}:i"), (l, m) => l.DefineFunction(
            m, name, (_, _, results) => results[0] = answer, kinds, [ValueKind.Int32]));
    }
}
