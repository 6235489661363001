using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>Merges the types of objects to one <c>.BTF</c>, each type once.</summary>
internal sealed class TypeMerger
{
    private readonly IReadOnlyList<LinkFile> _files;
    private readonly TypeGraph _graph = new();
    private readonly DataSections _sections;
    private readonly uint[] _alias;
    private readonly uint[] _ids;

    public TypeMerger(IReadOnlyList<LinkFile> files, SymbolTable symbols)
    {
        _files = files;
        foreach (var file in files)
        {
            _graph.Add(file);
        }

        _alias = new uint[_graph.EndId];
        _ids = new uint[_graph.EndId];
        for (var id = 0u; id < _alias.Length; id++)
        {
            _alias[id] = id;
        }

        ForwardTypes.Resolve(_graph, _alias);
        new GlobalTypes(files, symbols, _graph, _alias).Merge();
        _sections = new(symbols, _graph, _alias);
        foreach (var file in files)
        {
            _sections.Add(file);
        }

        new TypeClasses(_graph, _alias).Merge();
    }

    /// <summary>The place of a string of an object in the result.</summary>
    public uint Text(LinkFile file, uint at) => _graph.Text(file, at);

    public uint Text(string text) => _graph.AddText(_files[0], text);

    /// <summary>The id in the result of a type of an object.</summary>
    public uint Id(LinkFile file, uint id) => _ids[_alias[_graph.Id(file, id)]];

    /// <summary>The numbers of all records; the strings are <see cref="Strings"/>.</summary>
    /// <param name="sizeOf">The bytes of a section; 0 where there is none.</param>
    public List<uint> Words(Func<string, uint> sizeOf)
    {
        var kept = Kept().ToList();
        for (var i = 0; i < kept.Count; i++)
        {
            _ids[kept[i]] = (uint)i + 1;
        }

        var words = new List<uint>();
        foreach (var id in kept)
        {
            var record = _graph[id];
            var kind = _graph.KindOf(id);
            for (var i = 0; i < record.Length; i++)
            {
                words.Add(TypeRoles.Of(kind, i) == TypeRole.Type ? _ids[_alias[record[i]]] : record[i]);
            }
        }

        foreach (var (name, list) in _sections.Lists.Where(l => l.Value.Count > 0))
        {
            if (list.Count > ushort.MaxValue)
            {
                throw new BpfFormatException($"the section {name} has {list.Count} variables, and its types hold {ushort.MaxValue}");
            }

            words.AddRange([Text(name), ((uint)BtfKind.DataSection << 24) | (uint)list.Count, sizeOf(name)]);
            words.AddRange(list.OrderBy(v => v.Offset).SelectMany(v => (uint[])[_ids[_alias[v.Type]], v.Offset, v.Size]));
        }

        return words;
    }

    public ReadOnlySpan<byte> Strings => _graph.Strings.Bytes;

    private IEnumerable<uint> Kept()
    {
        for (var id = 1u; id < _graph.EndId; id++)
        {
            if (_alias[id] == id && _graph.KindOf(id) != BtfKind.DataSection)
            {
                yield return id;
            }
        }
    }
}
