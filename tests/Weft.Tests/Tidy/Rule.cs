namespace Weft.Tests.Tidy;

/// <summary>A rule of the house about the tree.</summary>
internal static class Rule
{
    /// <summary>Fails with every violation, one a line: Assert.Empty shows only the first few, cut short.</summary>
    public static void Holds(string rule, IEnumerable<string> exceptions)
    {
        var violations = exceptions.ToList();
        if (violations.Count > 0)
        {
            Assert.Fail($"{rule}:\n{string.Join('\n', violations)}");
        }
    }
}
