using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Validate;

namespace Weft.Translation.Validation;

/// <summary>One compiled rule: what is demanded, when the value breaks it; else null.</summary>
internal delegate string? ValueCheck(object value);

/// <summary>The compiled rules of a value: of a field, of an item, of a key.</summary>
/// <param name="Enters">Whether to go on into the value, which is a message with rules.</param>
internal sealed record ValueRules(ImmutableArray<ValueCheck> Checks, bool Enters)
{
    public static readonly ValueRules None = new([], false);

    public bool Matter => Enters || !Checks.IsEmpty;

    public static ValueRules Compile(FieldDescriptor field, FieldRules? rules)
    {
        var skipped = rules?.Message is { Skip: true };
        var enters = field.FieldType == FieldType.Message && !skipped && RuleReach.Reaches(field.MessageType);
        return new(rules is null ? [] : [.. RuleSet.ChecksOf(field, rules)], enters);
    }
}
