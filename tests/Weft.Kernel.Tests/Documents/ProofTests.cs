using System.Reflection;
using System.Text.RegularExpressions;
using Weft.Bpf;
using Weft.Testing;

namespace Weft.Kernel.Tests.Documents;

/// <summary>What docs/ say that the library can, a test shows.</summary>
public sealed partial class ProofTests
{
    private const string Hooks = "bpf-hooks.md";
    private const string Compared = "bpf-compared.md";

    public static TheoryData<string> Pages => [Hooks, Compared];

    [Theory, MemberData(nameof(Pages))]
    public void Each_proof_is_a_test_that_exists(string page)
    {
        var table = ProofTable.Read(page);
        var (tests, checks) = (TestNames(), GuestCheckNames());
        var wrong = table.Rows.Select(row => (Name: row[0], Proof: row[^1]))
            .SelectMany(row => ProofTable.Names(row.Proof).Except(tests).Concat(ProofTable.GuestChecks(row.Proof).Except(checks)).Select(name => $"{row.Name}: {name}"));
        Assert.Equal([], wrong);
    }

    [Fact]
    public void Each_hook_has_a_proof()
    {
        var without = ProofTable.Read(Hooks).Rows.Where(row => !ProofTable.Names(row[^1]).Concat(ProofTable.GuestChecks(row[^1])).Any());
        Assert.Equal([], without.Select(row => row[0]));
    }

    [Fact]
    public void Each_yes_beside_other_libraries_has_a_proof()
    {
        var table = ProofTable.Read(Compared);
        var without = table.Rows.Where(row => table.Cell(row, "Weft.Bpf") != "no")
            .Where(row => !ProofTable.Names(row[^1]).Concat(ProofTable.GuestChecks(row[^1])).Any());
        Assert.Equal([], without.Select(row => row[0]));
    }

    [Fact]
    public void Each_section_that_is_known_is_on_the_page_of_hooks()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", Hooks));
        var missing = SectionName.Patterns.Select(pattern => pattern.TrimEnd('+')).Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal));
        Assert.Equal([], missing);
    }

    [Fact]
    public void Each_way_to_attach_is_in_the_table_of_hooks()
    {
        var table = ProofTable.Read(Hooks);
        var listed = table.Rows.SelectMany(row => ProofTable.Names(table.Cell(row, "Attached by"))).Where(name => name.StartsWith("Attach.", StringComparison.Ordinal));
        var there = typeof(Attach).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => $"Attach.{method.Name}");
        Assert.Equal(there.Distinct().Order(), listed.Distinct().Order());
    }

    private static HashSet<string> TestNames() =>
    [
        .. typeof(ProofTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute))).Select(method => $"{type.Name}.{method.Name}")),
    ];

    // The guest is no program of this machine, so that its checks are read where they are written.
    private static HashSet<string> GuestCheckNames() =>
    [
        .. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "tests/Weft.Kernel.Guest/Checks"), "*.cs")
            .SelectMany(file => Check().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value),
    ];

    [GeneratedRegex(@"new\(\s*""([a-z0-9-]+)""")]
    private static partial Regex Check();
}
