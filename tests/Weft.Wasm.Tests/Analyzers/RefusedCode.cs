namespace Weft.Wasm.Tests.Analyzers;

/// <summary>C# that is not in the subset: members of a class, whose method <c>F</c> is called. <c>//!</c> ends a line at
/// fault; <c>//?</c> one for which the compiler, which sees IL, names another.</summary>
internal static partial class RefusedCode
{
    public static readonly (string Code, string Members)[] Samples = [.. Objects, .. Texts, .. Framework, .. Calls, .. Machines];
}
