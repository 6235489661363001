using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Weft.Tests.Xds.Conformance;

/// <summary>The four ways in which a client may ask for resources.</summary>
public enum Wire
{
    /// <summary>State of the world, all types on one stream.</summary>
    Sotw,

    /// <summary>Delta, all types on one stream.</summary>
    Delta,

    /// <summary>State of the world, the service of one type.</summary>
    SotwAlone,

    /// <summary>Delta, the service of one type.</summary>
    DeltaAlone,
}

/// <summary>Runs a test once over each of these wires, its one argument.</summary>
public abstract class WiresAttribute(params Wire[] wires) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) => new([.. wires.Select(w => new TheoryDataRow(w))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class AllWiresAttribute() : WiresAttribute(Wire.Sotw, Wire.Delta, Wire.SotwAlone, Wire.DeltaAlone);

[AttributeUsage(AttributeTargets.Method)]
public sealed class AggregatedWiresAttribute() : WiresAttribute(Wire.Sotw, Wire.Delta);

[AttributeUsage(AttributeTargets.Method)]
public sealed class SotwWiresAttribute() : WiresAttribute(Wire.Sotw, Wire.SotwAlone);

[AttributeUsage(AttributeTargets.Method)]
public sealed class DeltaWiresAttribute() : WiresAttribute(Wire.Delta, Wire.DeltaAlone);
