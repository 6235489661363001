using Weft.Bpf.Kernel;

namespace Weft.Bpf.Libbpf;

/// <summary>Types of another kernel as a file of memory, since libbpf takes them by a path; gone when it is disposed.</summary>
internal sealed class KernelTypesFile(BpfDescriptor file) : IDisposable
{
    public string Path { get; } = $"/proc/self/fd/{file.Number}";

    /// <summary>The file; null where objects are relocated by the types of the kernel itself.</summary>
    /// <exception cref="KernelException">The kernel has no memory for it.</exception>
    public static KernelTypesFile? Of(LoadSettings settings)
    {
        if (settings.KernelTypes is not { } types)
        {
            return null;
        }

        if (types.Base is not null)
        {
            throw new BpfNotSupportedException("libbpf relocates by the types of a whole kernel, not by those of a module");
        }

        var kernel = settings.Kernel;
        var file = BpfDescriptor.Of(kernel, kernel.MemoryFile("weft-btf"), "file for KernelTypes");
        for (var rest = types.Bytes; !rest.IsEmpty;)
        {
            var written = kernel.Write(file.Number, rest.Span);
            if (written <= 0)
            {
                file.Dispose();
                throw new KernelException((int)-written, "file for KernelTypes: write");
            }

            rest = rest[(int)written..];
        }

        return new(file);
    }

    public void Dispose() => file.Dispose();
}
