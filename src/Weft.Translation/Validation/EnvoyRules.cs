using System.Collections.Immutable;
using Google.Protobuf;

namespace Weft.Translation.Validation;

/// <summary>
/// Checks messages against the constraints that Envoy's API itself carries (protoc-gen-validate), so that what Envoy
/// would refuse is refused here, with all reasons at once.
/// </summary>
public static class EnvoyRules
{
    /// <summary>Every violated rule in the message and in all it contains, also in Anys of known types.</summary>
    public static ImmutableArray<Violation> Check(IMessage message)
    {
        var checking = new RuleWalk();
        checking.Visit(message);
        return checking.Violations;
    }
}
