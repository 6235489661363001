using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <content>Conditions.</content>
internal ref partial struct TagRulesReader
{
    private static ReadOnlySpan<byte> ConditionMembers => "from conditionType key key is operator value value table"u8;

    private static ReadOnlySpan<byte> Sources =>
        "header header cookie cookie query parameter path path method method source"u8;

    private static ReadOnlySpan<byte> Tests =>
        "equal not_equal in not_in prefix regex percentage exists not_exists"u8;

    private bool ReadConditions(ref TagRule rule)
    {
        rule.Conditions = new Condition[Begin()];
        while (Next())
        {
            _condition++;
            if (!ReadCondition(ref rule.Conditions[_condition]))
            {
                return false;
            }
        }

        _condition = -1;
        return IsAtListEnd;
    }

    private bool ReadCondition(ref Condition condition)
    {
        condition.Place.Key = condition.Table = _none;
        condition.Values = new Word[0];
        var test = -1;
        var read = IsAt(JsonToken.ObjectStart);
        while (read && NextMember(ConditionMembers, out var member))
        {
            switch (member >> 1)
            {
                case 0:
                    read = ReadSource(ref condition.Place);
                    break;
                case 1:
                    read = ReadText(ref condition.Place.Key);
                    break;
                case 2:
                    read = TryFind(Tests, out test);
                    break;
                case 3:
                    read = ReadValues(ref condition);
                    break;
                default:
                    read = ReadTable(ref condition);
                    break;
            }
        }

        condition.Test = (Test)test;
        return read && IsAtEnd && (test >= 0 || Fail("an operator is missing"u8))
            && IsComplete(ref condition.Place) && IsSound(ref condition);
    }

    /// <summary>What the shares go by: an object with a place.</summary>
    private bool ReadKey(ref ValuePlace place)
    {
        var read = IsAt(JsonToken.ObjectStart);
        while (read && NextMember("from conditionType key"u8, out var member))
        {
            read = member < 2 ? ReadSource(ref place) : ReadText(ref place.Key);
        }

        return read && IsAtEnd && IsComplete(ref place);
    }

    private bool ReadSource(ref ValuePlace place)
    {
        var read = TryFind(Sources, out var source);
        place.Source = (ValueSource)((source >> 1) + 1);
        return read;
    }

    private bool IsComplete(ref ValuePlace place)
    {
        if (place.Source == ValueSource.None)
        {
            return Fail("it does not say where its value is from"u8);
        }

        if (place.Source == ValueSource.Header)
        {
            ToLower(place.Key);
        }

        return place.Source > ValueSource.Query || place.Key.Length > 0 || Fail("a key is missing"u8);
    }

    // One value, or a list of them.
    private bool ReadValues(ref Condition condition)
    {
        if (_json.Token != JsonToken.ArrayStart)
        {
            condition.Values = new Word[1];
            return ReadText(ref condition.Values[0].Bytes);
        }

        condition.Values = new Word[Begin()];
        var i = 0;
        while (Next() && ReadText(ref condition.Values[i++].Bytes))
        {
        }

        return IsAtListEnd;
    }

    private bool ReadTable(ref Condition condition)
    {
        var letters = condition.Table;
        if (!ReadText(ref letters))
        {
            return false;
        }

        condition.Table = new byte[Base64.DecodedLength(letters)];
        return (Base64.TryDecode(letters, condition.Table, out _) && RegexWalk.IsTable(condition.Table))
            || Fail("its table is none"u8);
    }

    private bool IsSound(ref Condition condition)
    {
        var count = condition.Values.Length;
        switch (condition.Test)
        {
            case Test.Exists or Test.NotExists:
                return true;
            case Test.In or Test.NotIn:
                return count > 0 || Fail("a value is missing"u8);
            case Test.Regex when condition.Table.Length == 0:
                return Fail("a regex needs its table, which the tool that ships the configuration makes"u8);
            case Test.Percentage:
                return (count == 1 && Ascii.TryParseInt32(condition.Values[0].Bytes, out condition.Percent)
                    && (uint)condition.Percent <= 100) || Fail("a percentage is one number from 0 to 100"u8);
            default:
                return count == 1 || Fail("it takes exactly one value"u8);
        }
    }
}
