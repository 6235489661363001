using System.CommandLine;
using Weft.Bpf;

namespace Weft.Agent.Commands;

/// <summary>What loads the object of a command.</summary>
internal static class BackendOption
{
    public static Option<BpfBackend> Create()
    {
        var option = new Option<BpfBackend>("--backend")
        {
            Description = "What loads the object: managed (the one of this program, and the one for objects of others), libbpf (the "
                + "system's libbpf.so.1) or automatic (libbpf where the managed one does not support the object). Default: managed.",
            HelpName = "managed|libbpf|automatic",
            CustomParser = result =>
            {
                if (result.Tokens is [{ Value: var name }] && Names.TryGetValue(name, out var backend))
                {
                    return backend;
                }

                result.AddError($"--backend wants one of {string.Join(", ", Names.Keys)}");
                return default;
            },
        };
        option.CompletionSources.Add([.. Names.Keys]);
        return option;
    }

    private static Dictionary<string, BpfBackend> Names => new()
    {
        ["managed"] = BpfBackend.Managed,
        ["libbpf"] = BpfBackend.Libbpf,
        ["automatic"] = BpfBackend.Automatic,
    };
}
