namespace Weft.Bpf.Bindings;

/// <summary>
/// An object in the kernel, as generated classes have it (package <c>Weft.Bpf.Build</c>): they add its maps, programs and
/// variables by their names. Its members may be used by several threads.
/// </summary>
public abstract class BoundObject : IDisposable
{
    private readonly Lock _opening = new();
    private readonly Dictionary<string, object> _opened = [];
    private readonly Dictionary<string, BpfLink> _links = [];
    private bool _isDisposed;

    /// <param name="loaded">The object, which is disposed of with this one.</param>
    protected BoundObject(BpfObject loaded) => Untyped = loaded;

    /// <summary>The object without types.</summary>
    public BpfObject Untyped { get; }

    /// <summary>
    /// Attaches each loaded program whose section says where (<see cref="Bpf.Attach.Auto"/>), and that is not attached yet.
    /// Others, such as those of interfaces and control groups, are left to <see cref="Bpf.Attach"/>. The links end with this
    /// object.
    /// </summary>
    /// <returns>The links by the programs' names.</returns>
    /// <exception cref="KernelException">The kernel refused one; what this call has attached is detached.</exception>
    public IReadOnlyDictionary<string, BpfLink> Attach()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var made = new Dictionary<string, BpfLink>();
            try
            {
                foreach (var (name, program) in Untyped.Programs)
                {
                    if (!_links.ContainsKey(name) && !Untyped.Links.ContainsKey(name) && TryAttach(program) is { } link)
                    {
                        made.Add(name, link);
                    }
                }
            }
            catch
            {
                Dispose(made.Values);
                throw;
            }

            foreach (var (name, link) in made)
            {
                _links.Add(name, link);
            }

            return new Dictionary<string, BpfLink>(_links);
        }
    }

    /// <summary>Detaches what <see cref="Attach"/> has attached, ends readers, and lets maps and programs go.</summary>
    public void Dispose()
    {
        lock (_opening)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            Dispose(_links.Values);
            Dispose(_opened.Values.OfType<IDisposable>());
            Untyped.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A program.</summary>
    /// <exception cref="InvalidOperationException">It is not loaded.</exception>
    protected BpfProgram Program(string name) => Untyped.Programs.TryGetValue(name, out var program)
        ? program
        : throw new InvalidOperationException($"program {name} is not loaded: {WhyNot(name)}");

    /// <summary>A map.</summary>
    /// <exception cref="InvalidOperationException">It was not made.</exception>
    protected BpfMap Map(string name) => Untyped.Maps.TryGetValue(name, out var map)
        ? map
        : throw new InvalidOperationException($"map {name} was not made: no program that is loaded uses it");

    /// <summary>A view of a map, which is made once and disposed of with this object.</summary>
    /// <inheritdoc cref="Map(string)"/>
    protected T Once<T>(string name, Func<BpfMap, T> open)
        where T : class
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_opened.TryGetValue(name, out var view))
            {
                view = open(Map(name));
                _opened.Add(name, view);
            }

            return (T)view;
        }
    }

    /// <summary>Reads a variable where the programs have it.</summary>
    /// <param name="section">Its section.</param>
    /// <param name="offset">Where it begins in it, in bytes.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    protected T Read<T>(string section, int offset)
        where T : unmanaged => Once(section, static map => new BoundSection(map)).Read<T>(offset);

    /// <summary>Writes a variable where the programs have it.</summary>
    /// <inheritdoc cref="Read{T}(string, int)"/>
    protected void Write<T>(string section, int offset, T value)
        where T : unmanaged => Once(section, static map => new BoundSection(map)).Write(offset, value);

    private static BpfLink? TryAttach(BpfProgram program)
    {
        try
        {
            return Bpf.Attach.Auto(program);
        }
        catch (BpfNotSupportedException)
        {
            return null;
        }
    }

    private static void Dispose(IEnumerable<IDisposable> all)
    {
        foreach (var one in all)
        {
            one.Dispose();
        }
    }

    private string WhyNot(string name) => Untyped.Results.FirstOrDefault(r => r.Program.Name == name)?.Error?.Message
        ?? "it was not asked for; set Loads of it in the spec, or name it in LoadSettings";
}
