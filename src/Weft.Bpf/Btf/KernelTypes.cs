using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Btf;

/// <summary>
/// The types of the running kernel, and of its modules when they are asked for. It holds memory outside of the heap, which
/// goes back when it is disposed of: nothing that came from it may be in use any more then. May be read by several threads.
/// Needs no capability, and a kernel built with <c>CONFIG_DEBUG_INFO_BTF</c> (Linux 5.4; 5.11 for modules).
/// </summary>
public sealed class KernelTypes : IDisposable
{
    private const string Folder = "/sys/kernel/btf/";
    private const string KernelName = "vmlinux";
    private const int MostBytes = 1 << 28;

    private readonly IKernel _kernel;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BtfSpec?> _modules = [];
    private readonly List<NativeBytes> _bytes = [];
    private bool _isDisposed;

    private KernelTypes(IKernel kernel, string path, bool mayMap)
    {
        _kernel = kernel;
        Kernel = Open(path, mayMap, null);
    }

    /// <summary>The types of the kernel itself.</summary>
    public BtfSpec Kernel { get; }

    /// <summary>The names of the modules that are loaded, with types or without; empty where they are not told.</summary>
    public IEnumerable<string> ModuleNames =>
        Encoding.UTF8.GetString(_kernel.ReadFile("/proc/modules") ?? [])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[0]);

    /// <summary>Opens the types of the running kernel. Its pages are shared where it lets us (Linux 6.16), else read.</summary>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">It shows none.</exception>
    /// <exception cref="BpfFormatException">They are damaged.</exception>
    public static KernelTypes Load(IKernel? kernel = null) => new(kernel ?? LinuxKernel.Instance, Folder + KernelName, mayMap: true);

    /// <summary>Opens types of a kernel that does not show them itself, as BTFHub keeps them: BTF as it is, not in ELF.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kernel">Whose file it is, and whose modules they are; null for the kernel below.</param>
    /// <exception cref="KernelException">It cannot be read.</exception>
    /// <exception cref="BpfFormatException">It is no BTF, or damaged.</exception>
    public static KernelTypes FromFile(string path, IKernel? kernel = null) => new(kernel ?? LinuxKernel.Instance, path, mayMap: false);

    /// <summary>The types of a module, whose ids continue those of <see cref="Kernel"/>; null where there is none with types.</summary>
    /// <param name="name">The module, with underscores.</param>
    /// <exception cref="BpfFormatException">They are damaged, or of another kernel.</exception>
    public BtfSpec? Module(string name)
    {
        if (name is KernelName or "" || name.Contains('/') || name[0] == '.')
        {
            return null;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_modules.TryGetValue(name, out var types))
            {
                types = OpenModule(Folder + name);
                _modules.Add(name, types);
            }

            return types;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            Kernel.Release();
            foreach (var module in _modules.Values)
            {
                module?.Release();
            }

            _bytes.ForEach(Free);
        }
    }

    private static void Free(IDisposable bytes) => bytes.Dispose();

    private BtfSpec? OpenModule(string path)
    {
        try
        {
            return Open(path, mayMap: true, Kernel);
        }
        catch (KernelException)
        {
            return null;
        }
    }

    private BtfSpec Open(string path, bool mayMap, BtfSpec? below)
    {
        using var file = BpfDescriptor.Of(_kernel, _kernel.Open(path, 0), $"open {path}");
        var bytes = Bytes(file.Number, path, mayMap);
        try
        {
            var types = BtfSpec.Parse(bytes.Memory, below, path);
            _bytes.Add(bytes);
            return types;
        }
        catch
        {
            Free(bytes);
            throw;
        }
    }

    private NativeBytes Bytes(int descriptor, string path, bool mayMap)
    {
        // The header tells how long the file is, and pages of the kernel can be mapped to no more than that.
        Span<byte> start = stackalloc byte[BtfHeader.Size];
        var read = (int)_kernel.Read(descriptor, start);
        start = start[..Math.Max(read, 0)];
        var size = BtfHeader.FileSize(start);
        return (mayMap && size is > 0 and <= MostBytes ? NativeBytes.Map(_kernel, descriptor, (int)size) : null)
            ?? NativeBytes.ReadAll(_kernel, descriptor, start, MostBytes, path);
    }
}
