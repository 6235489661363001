using Weft.Bpf.Features;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Features;

public sealed class KernelFeaturesTests(ITestOutputHelper output)
{
    [Fact]
    public void Everything_is_asked_and_each_answer_is_kept()
    {
        Privileged.Require();
        var all = KernelFeatures.All().ToList();
        foreach (var (name, group, answer) in all.Where(a => !a.Group.StartsWith("helper", StringComparison.Ordinal) || a.Answer is FeatureAnswer.Unknown))
        {
            output.WriteLine($"{group} {name}: {answer}");
        }

        foreach (var group in all.Where(a => a.Group.StartsWith("helper", StringComparison.Ordinal)).GroupBy(a => a.Group))
        {
            output.WriteLine($"{group.Key}: {group.Count(a => a.Answer.IsYes)} of {group.Count()}");
        }
    }
}
