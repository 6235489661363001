using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>What stands between the applications.</summary>
public enum DataPlaneKind
{
    /// <summary>The real Envoy, with the bootstrap of <c>weft bootstrap envoy</c>.</summary>
    Envoy,

    /// <summary><c>weft proxy</c>.</summary>
    Embedded,
}

/// <summary>Runs a theory once for each data plane: all of them must do the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachDataPlaneAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<DataPlaneKind>().Select(kind => new TheoryDataRow(kind))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
