using System.CommandLine;
using Weft.Agent.Commands;
using Weft.Bpf.Features;

namespace Weft.Agent.Features;

/// <summary><c>weft-agent bpf features</c>: what this kernel has.</summary>
internal static class FeaturesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON: an array of {name, group, answer, errno, stage, why}." };
        var group = new Option<string?>("--group")
        {
            Description = "Only this group, in full: attach, types, misc, map, program, or helper/TYPE with the helpers of a type of programs.",
            HelpName = "NAME",
        };
        var command = new ExampleCommand(
            "features",
            "Say what this kernel has, and lets this process use. Each answer comes from trying it: yes, refused (with the error), or unknown.",
            "weft-agent bpf features",
            "weft-agent bpf features --group helper/kprobe",
            "weft-agent bpf features --json | jq -r '.[] | select(.answer != \"yes\") | .name'")
        {
            json, group,
        };
        command.SetAction(parsed =>
        {
            var views = Ask(parsed.GetValue(group));
            parsed.InvocationConfiguration.Output.Write(
                parsed.GetValue(json) ? AgentJson.Line(views, j => j.ListFeatureView)
                : FeatureText.Of(views, inFull: parsed.GetValue(group) is not null));
            return AgentCommand.Done;
        });
        return command;
    }

    private static List<FeatureView> Ask(string? group)
    {
        var all = KernelFeatures.All();

        // Helpers come last: thousands of questions, which are only asked where somebody wants to know.
        var asked = group is null || group.StartsWith("helper/", StringComparison.Ordinal)
            ? all
            : all.TakeWhile(f => !f.Group.StartsWith("helper/", StringComparison.Ordinal));
        List<FeatureView> views = [.. asked.Where(f => group is null || f.Group == group).Select(FeatureView.Of)];
        return views.Count > 0
            ? views
            : throw new UsageException($"there is no group '{group}' here; 'weft-agent bpf features' lists them");
    }
}
