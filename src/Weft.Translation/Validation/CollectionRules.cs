using System.Collections;
using System.Globalization;
using Google.Protobuf.Reflection;
using Validate;

namespace Weft.Translation.Validation;

/// <summary>The rules of a list or a map: how many members, each unique or not, and the members' rules.</summary>
internal sealed class CollectionRules
{
    private readonly bool _isMap;
    private readonly ulong? _least;
    private readonly ulong? _most;
    private readonly bool _unique;
    private readonly bool _ignoreEmpty;
    private readonly ValueRules _keys;
    private readonly ValueRules _values;
    private readonly bool _ignoreEmptyValues;

    private CollectionRules(FieldDescriptor field, FieldRules? rules)
    {
        _isMap = field.IsMap;
        var list = rules?.Repeated;
        var map = rules?.Map;
        var (members, member) = _isMap ? (map?.Values, field.MessageType.FindFieldByNumber(2)) : (list?.Items, field);
        _least = list is { HasMinItems: true } ? list.MinItems : map is { HasMinPairs: true } ? map.MinPairs : null;
        _most = list is { HasMaxItems: true } ? list.MaxItems : map is { HasMaxPairs: true } ? map.MaxPairs : null;
        _unique = list is { Unique: true };
        _ignoreEmpty = RuleSet.IgnoresEmpty(rules);
        _keys = _isMap ? ValueRules.Compile(field.MessageType.FindFieldByNumber(1), map?.Keys) : ValueRules.None;
        _values = ValueRules.Compile(member, members);
        _ignoreEmptyValues = RuleSet.IgnoresEmpty(members);
    }

    public bool Matter => _least > 0 || _most is not null || _unique || _keys.Matter || _values.Matter;

    public static CollectionRules Compile(FieldDescriptor field, FieldRules? rules) => new(field, rules);

    public void Check(IEnumerable members, RuleWalk walk)
    {
        var count = (ulong)((ICollection)members).Count;
        if (_ignoreEmpty && count == 0)
        {
            return;
        }

        if (count < _least || count > _most)
        {
            walk.Report(LengthText.Of(_least, _most, "items"));
        }

        if (_isMap)
        {
            CheckEntries((IDictionary)members, walk);
        }
        else
        {
            CheckItems(members, walk);
        }
    }

    private void CheckItems(IEnumerable items, RuleWalk walk)
    {
        if (!_values.Matter && !_unique)
        {
            return;
        }

        var seen = _unique ? new HashSet<object>() : null;
        var index = 0;
        foreach (var item in items)
        {
            walk.Enter(new(null, index++));
            if (seen is not null && !seen.Add(item))
            {
                walk.Report("is in the list already, whose items must be unique");
            }

            VisitMember(item, walk);
            walk.Leave();
        }
    }

    private void CheckEntries(IDictionary entries, RuleWalk walk)
    {
        if (!_values.Matter && !_keys.Matter)
        {
            return;
        }

        foreach (DictionaryEntry entry in entries)
        {
            walk.Enter(new(null, Key: Convert.ToString(entry.Key, CultureInfo.InvariantCulture)));
            walk.VisitValue(entry.Key, _keys);
            VisitMember(entry.Value!, walk);
            walk.Leave();
        }
    }

    private void VisitMember(object member, RuleWalk walk)
    {
        if (!_ignoreEmptyValues || !RuleSet.IsEmpty(member))
        {
            walk.VisitValue(member, _values);
        }
    }
}
