using Weft.Bpf.Kernel;

namespace Weft.Bpf.Explaining;

/// <summary>Why programs are refused, and what usually helps.</summary>
/// <param name="Name">Which of the known reasons it is: <c>missing-null-check</c>.</param>
/// <param name="Why">What the verifier, or the kernel, does not accept.</param>
/// <param name="Fix">What usually helps.</param>
/// <param name="Example">Some lines of C that do it; null where there are none. Lines end with <c>\n</c>, but not the last.</param>
public sealed record Explanation(string Name, string Why, string Fix, string? Example = null)
{
    /// <summary>The explanation of a refusal; null where the reason is not known here.</summary>
    /// <param name="error">What loading has thrown.</param>
    /// <param name="kernel">The kernel that refused; null for the one below.</param>
    public static Explanation? Of(BpfException error, IKernel? kernel = null) => error switch
    {
        VerifierException { Log.IsEmpty: false } refused =>
            OfMessages(VerifierLog.Parse(refused.Log).Messages) ?? ErrorExplanations.Of(refused.Errno, refused.Stage),
        KernelException { Errno: Errno.Permission } => new(
            "not-permitted",
            $"The kernel did not look at the program. {Sentence(Privileges.WhyRefused(kernel ?? LinuxKernel.Instance))}.",
            "Run as root, or give the process CAP_BPF and, for tracing, CAP_PERFMON (for networks CAP_NET_ADMIN). "
            + "'weft-agent bpf features' tells what this kernel lets you do."),
        KernelException refused => ErrorExplanations.Of(refused.Errno, refused.Stage),
        _ => null,
    };

    /// <summary>The last message that is known tells; what stands before it may be of a path that was given up.</summary>
    internal static Explanation? OfMessages(IReadOnlyList<string> messages)
    {
        const int Most = 16;
        for (var i = messages.Count - 1; i >= Math.Max(0, messages.Count - Most); i--)
        {
            foreach (var (mark, explanation) in VerifierExplanations.All)
            {
                if (messages[i].Contains(mark, StringComparison.Ordinal))
                {
                    return explanation;
                }
            }
        }

        return null;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
