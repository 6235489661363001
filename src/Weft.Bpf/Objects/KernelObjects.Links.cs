using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <content>Links of all processes.</content>
public static partial class KernelObjects
{
    /// <summary>What the kernel tells of each link that is still there when it is asked. Linux 5.8.</summary>
    /// <inheritdoc cref="Maps"/>
    public static IEnumerable<LinkInfo> LinkInfos(IKernel? kernel = null) => Infos(Links(kernel), id =>
    {
        var below = kernel ?? LinuxKernel.Instance;
        using var link = new KernelLink(below, below.OpenById(BpfCommand.LinkGetFdById, id, $"open link {id}"), null, $"link {id}");
        return link.Info;
    });
}
