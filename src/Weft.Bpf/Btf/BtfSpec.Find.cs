using System.Text;

namespace Weft.Bpf.Btf;

/// <content>Types by their names.</content>
public sealed partial class BtfSpec
{
    /// <summary>The types with this name and kind, here and in <see cref="Base"/>.</summary>
    public IEnumerable<uint> Find(string name, BtfKind kind) => Find(name).Where(id => KindOf(id) == kind);

    /// <summary>The types with this name, of any kind, here and in <see cref="Base"/>.</summary>
    public IEnumerable<uint> Find(string name) => Find(Encoding.UTF8.GetBytes(name), withFlavours: false);

    /// <summary>
    /// The types that are called so when what follows three underscores is taken off (<c>task_struct___v2</c>), here and in
    /// <see cref="Base"/>.
    /// </summary>
    /// <param name="name">The name without such an ending.</param>
    public IEnumerable<uint> FindFlavours(string name) => Find(Encoding.UTF8.GetBytes(name), withFlavours: true);

    /// <summary>The first type with this name and kind; null where there is none.</summary>
    public T? Find<T>(string name, BtfKind kind)
        where T : BtfType => FindId(name, kind) is var id and not 0 ? Get(id) as T : null;

    /// <summary>The id of the first type with this name and kind, here or else in <see cref="Base"/>; 0 where there is none.</summary>
    public uint FindId(string name, BtfKind kind)
    {
        const int Most = 256;
        var bytes = name.Length <= Most / 3 ? stackalloc byte[Most] : new byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        bytes = bytes[..Encoding.UTF8.GetBytes(name, bytes)];
        for (var file = this; file is not null; file = file.Base)
        {
            for (var id = file._index.Value.First(BtfName.Essential(bytes)); id != 0; id = file._index.Value.Next(id))
            {
                if (file.KindOf(id) == kind && file.IsNamed(id, bytes, withFlavours: false))
                {
                    return id;
                }
            }
        }

        return 0;
    }

    /// <summary>As <see cref="FindFlavours(string)"/>, without those of <see cref="Base"/>.</summary>
    internal List<uint> FindOwnFlavours(ReadOnlySpan<byte> name)
    {
        var found = new List<uint>();
        for (var id = _index.Value.First(name); id != 0; id = _index.Value.Next(id))
        {
            if (IsNamed(id, name, withFlavours: true))
            {
                found.Add(id);
            }
        }

        return found;
    }

    private IEnumerable<uint> Find(byte[] name, bool withFlavours)
    {
        for (var file = this; file is not null; file = file.Base)
        {
            var first = file._index.Value.First(withFlavours ? name : BtfName.Essential((ReadOnlySpan<byte>)name));
            for (var id = first; id != 0; id = file._index.Value.Next(id))
            {
                if (file.IsNamed(id, name, withFlavours))
                {
                    yield return id;
                }
            }
        }
    }

    private bool IsNamed(uint id, ReadOnlySpan<byte> name, bool withFlavours)
    {
        var own = OwnNameBytes(id);
        return (withFlavours ? BtfName.Essential(own) : own).SequenceEqual(name);
    }
}
