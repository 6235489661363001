namespace Weft.Bpf;

/// <summary>Several links of one program that come and go together, where the kernel has no link for all of their places.</summary>
/// <param name="rest">What goes after them.</param>
internal sealed class LinkGroup(BpfProgram program, IReadOnlyList<BpfLink> links, string hook, IDisposable? rest = null)
    : BpfLink(program.Kernel, program, hook)
{
    public override LinkInfo Info => throw Refused();

    /// <summary>Attaches one after the other; where one is refused, none is attached.</summary>
    public static LinkGroup Of<T>(BpfProgram program, IEnumerable<T> places, Func<T, int, BpfLink> attach, string hook, IDisposable? rest = null)
    {
        var links = new List<BpfLink>();
        try
        {
            foreach (var place in places)
            {
                links.Add(attach(place, links.Count));
            }

            return new(program, links, hook, rest);
        }
        catch
        {
            links.ForEach(l => l.Dispose());
            throw;
        }
    }

    private protected override void PinTo(string path) => throw Refused();

    private protected override void Replace(BpfProgram program) => throw Refused();

    private protected override void LetGo()
    {
        // Closing them does it.
    }

    private protected override void Release()
    {
        foreach (var link in links)
        {
            link.Dispose();
        }

        rest?.Dispose();
    }

    private BpfNotSupportedException Refused() => new($"{Hook}: it is {links.Count} links, since this kernel has none for all of it");
}
