using System.Collections.Frozen;
using System.Xml.Linq;

namespace Weft.Tests.Tidy;

public sealed class ProjectTests
{
    // What a project may use; it may also reference directly whatever those may use.
    private static readonly FrozenDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Weft.Flow"] = [],
        ["Weft.Model"] = ["Weft.Flow"],
        ["Weft.Manifests"] = ["Weft.Model", "Weft.Wasm"],
        ["Weft.Envoy"] = [],
        ["Weft.Translation"] = ["Weft.Model", "Weft.Envoy"],
        ["Weft.Xds"] = ["Weft.Flow", "Weft.Envoy"],
        ["Weft.Proxy"] = ["Weft.Flow", "Weft.Envoy", "Weft.Xds"],
        ["Weft.Proxy.Wasm"] = ["Weft.Proxy", "Weft.Wasm.Host"],
        ["Weft.Bpf"] = [],
        ["Weft.Bpf.Build"] = ["Weft.Bpf"],
        ["Weft.Wasm"] = ["Weft.Flow"],
        ["Weft.Wasm.Analyzers"] = [],
        ["Weft.Wasm.Sdk"] = ["Weft.Wasm.Analyzers"],
        ["Weft.Wasm.Host"] = ["Weft.Wasm"],
        ["Weft.Templates"] = [],
        ["Weft.Topology"] = ["Weft.Model"],
        ["Weft.Telemetry"] = ["Weft.Model", "Weft.Topology", "Weft.Envoy"],
        ["Weft.Registry"] = ["Weft.Model"],
        ["Weft.Faults"] = ["Weft.Model"],
        ["Weft.Kubernetes"] = ["Weft.Model", "Weft.Manifests"],
        ["Weft.Dashboard"] = ["Weft.Model", "Weft.Topology"],
        ["Weft"] =
        [
            "Weft.Manifests", "Weft.Translation", "Weft.Proxy", "Weft.Proxy.Wasm", "Weft.Wasm.Sdk", "Weft.Telemetry",
            "Weft.Registry", "Weft.Faults", "Weft.Kubernetes", "Weft.Dashboard",
        ],
        ["Weft.Agent"] = ["Weft.Model", "Weft.Bpf", "Weft.Bpf.Build"],
    }.ToFrozenDictionary();

    [Fact]
    public void Projects_use_only_what_lies_below_them()
    {
        var violations = SourceTree.Under("src", ".csproj").SelectMany(file =>
        {
            var project = Path.GetFileNameWithoutExtension(file);
            return Allowed.ContainsKey(project)
                ? References(file).Except(Reachable(project)).Select(r => $"{project} may not use {r}")
                : [$"{project} is not in the table: say what it may use"];
        });
        Rule.Holds("a project uses only what lies below it", violations);
    }

    [Fact]
    public void Nothing_points_in_a_circle()
    {
        Rule.Holds("nothing points in a circle", Allowed.Keys.Where(project => Reachable(project).Contains(project)));
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_a_lock_file()
    {
        var solution = SourceTree.Read("Weft.slnx");
        var projects = SourceTree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).ToList();
        Rule.Holds(
            "Weft.slnx lists every project",
            projects.Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)));
        Rule.Holds(
            "lock files are committed",
            projects.Select(p => $"{Path.GetDirectoryName(p)}/packages.lock.json").Except(SourceTree.Files));
    }

    // What is only built before it, such as a plugin that ships beside the program, it does not use.
    private static IEnumerable<string> References(string file) =>
        XDocument.Parse(SourceTree.Read(file)).Descendants("ProjectReference")
            .Where(r => r.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

    private static HashSet<string> Reachable(string project)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>(Allowed[project]);
        while (open.TryPop(out var next))
        {
            if (found.Add(next))
            {
                foreach (var further in Allowed[next])
                {
                    open.Push(further);
                }
            }
        }

        return found;
    }
}
