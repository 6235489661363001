using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Tests.Xds.Conformance;

/// <summary>The page <c>docs/protocols/xds-conformance.md</c>, made of the statements and of the tests that there are.</summary>
internal static partial class ConformancePage
{
    public static readonly StatementSection[] Sections =
    [
        StreamStatements.Streams, StreamStatements.Answers,
        SubscriptionStatements.Sotw, SubscriptionStatements.Delta,
        DeliveryStatements.Warming, DeliveryStatements.Lifetime, DeliveryStatements.Rest,
    ];

    /// <summary>The tests by the statement that they prove, as <c>Class.Method</c>.</summary>
    public static ILookup<string, string> Tests { get; } = (
        from type in typeof(ConformancePage).Assembly.GetTypes()
        where type.Namespace?.StartsWith("Weft.Tests.Xds.", StringComparison.Ordinal) == true
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let id = StatementId().Match(method.Name)
        where id.Success && method.GetCustomAttribute<FactAttribute>() is not null
        orderby type.Name, method.Name
        select (Id: id.Groups[1].Value, Name: $"{type.Name}.{method.Name}")).ToLookup(t => t.Id, t => t.Name);

    public static string Render()
    {
        var all = Sections.SelectMany(s => s.Statements).ToList();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # The xDS protocol, statement by statement

            What the protocol asks of a management server, and the tests that show that `Weft.Xds` does it: all
            {all.Count} statements hold. Each test drives the server over a real gRPC connection, most of them in four ways: state of the
            world and delta, on the aggregated stream and on the service of one type. No test waits for time to pass: that
            nothing is sent is shown by what comes next. The tests are below `tests/Weft.Tests/Xds`; this page is
            written by `ConformancePageTests`.

            Sources: **XP** is Envoy's `docs/root/api-docs/xds_protocol.rst`, **DP** is `envoy/service/discovery/v3/discovery.proto`,
            **TP1** to **TP3** are the proposals in cncf/xds. **B** stands for both protocols, **S** for state of the world,
            **D** for delta.


            """);
        foreach (var section in Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"## {section.Title}\n\n");
            page.Append("| | Statement | Source | Result | Tests |\n| --- | --- | --- | --- | --- |\n");
            foreach (var statement in section.Statements)
            {
                page.Append(Row(statement)).Append('\n');
            }

            page.Append('\n');
        }

        page.Append("## What we chose where the protocol leaves a choice\n\n");
        foreach (var statement in all.Where(s => s.Choice is not null))
        {
            page.Append(CultureInfo.InvariantCulture, $"- **{statement.Id}** {statement.Choice}\n");
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Row(Statement statement)
    {
        var tests = string.Join("<br>", Tests[statement.Id].Select(t => $"`{t}`"));
        var result = tests.Length > 0 ? "holds" : "no test";
        return $"| {statement.Id} | {statement.Says} | {statement.Source} | {result} | {tests} |";
    }

    [GeneratedRegex("^([BSD][0-9]+a?)_")]
    private static partial Regex StatementId();
}
