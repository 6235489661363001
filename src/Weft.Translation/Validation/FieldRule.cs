using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Validate;

namespace Weft.Translation.Validation;

/// <summary>The compiled rules of one field.</summary>
internal sealed class FieldRule
{
    private readonly FieldDescriptor _field;
    private readonly bool _required;
    private readonly bool _ignoreEmpty;
    private readonly ValueRules _value;
    private readonly CollectionRules? _collection;

    private FieldRule(FieldDescriptor field, FieldRules? rules)
    {
        _field = field;
        // Envoy's generated checks look into a member of a oneof only when it is the chosen one: then it is there.
        _required = field.RealContainingOneof is null && RuleSet.IsRequired(rules);
        _ignoreEmpty = RuleSet.IgnoresEmpty(rules);
        _collection = field.IsRepeated ? CollectionRules.Compile(field, rules) : null;
        _value = field.IsRepeated ? ValueRules.None : ValueRules.Compile(field, rules);
    }

    /// <summary>The compiled rules, or null when nothing in the field can break one.</summary>
    public static FieldRule? Compile(FieldDescriptor field)
    {
        var compiled = new FieldRule(field, TypeRules.RulesOf(field));
        var matters = compiled._required || compiled._value.Matter || compiled._collection is { Matter: true };
        return matters ? compiled : null;
    }

    public void Check(IMessage message, RuleWalk walk)
    {
        var accessor = _field.Accessor;
        if (_collection is not null)
        {
            walk.Enter(new(_field));
            _collection.Check((IEnumerable)accessor.GetValue(message), walk);
            walk.Leave();
            return;
        }

        // Members of oneofs and proto3 optional fields are checked when they are there; plain scalars always are.
        if (_field.HasPresence && !accessor.HasValue(message))
        {
            if (_required)
            {
                walk.Enter(new(_field));
                walk.Report("is required");
                walk.Leave();
            }

            return;
        }

        var value = accessor.GetValue(message);
        if (_ignoreEmpty && RuleSet.IsEmpty(value))
        {
            return;
        }

        walk.Enter(new(_field));
        walk.VisitValue(value, _value);
        walk.Leave();
    }
}
