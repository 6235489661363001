using System.Reflection;
using Weft.EndToEnd.Tests.Stage;
using Xunit.Sdk;
using Xunit.v3;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>Runs a theory once for each data plane that runs plugins: all of them must do the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachPluginPlaneAttribute : DataAttribute
{
    // What makes filters of plugins in the embedded proxy; it comes with the program that is under test.
    private const string Filter = "Weft.Proxy.Wasm.dll";

    private static string? Lack(DataPlaneKind kind) =>
        kind == DataPlaneKind.Embedded && !File.Exists(Path.Combine(AppContext.BaseDirectory, Filter))
            ? $"the embedded proxy runs no plugins without {Filter}"
            : null;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<DataPlaneKind>().Select(kind => new TheoryDataRow(kind) { Skip = Lack(kind) })]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
