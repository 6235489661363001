using System.Text;

namespace Weft.Bpf;

/// <summary>A place in a program that it tells of itself, in a note of the section <c>.note.stapsdt</c>.</summary>
/// <param name="Location">The address of the instruction.</param>
/// <param name="Base">Where <c>.stapsdt.base</c> was when the note was written; 0 where there was none.</param>
/// <param name="Counter">The address of the counter that says how many watch the place; 0 for none.</param>
/// <param name="Arguments">Where the arguments are when the instruction is reached, such as <c>-4@%eax 8@$5</c>.</param>
internal sealed record UsdtNote(ulong Location, ulong Base, ulong Counter, string Provider, string Name, string Arguments)
{
    private const string Section = ".note.stapsdt";
    private const int Head = 12;
    private const int Addresses = 24;
    private const uint NoteSection = 7;
    private const uint Kind = 3;
    private const ulong MaxSize = 1 << 24;

    /// <summary>All notes of a file; none where it has none.</summary>
    /// <exception cref="BpfFormatException">They are damaged.</exception>
    public static IEnumerable<UsdtNote> Read(ElfView view, string file)
    {
        if (view.Section(Section) is not { Type: NoteSection } section)
        {
            yield break;
        }

        var bytes = view.Content(section, MaxSize);
        for (var at = 0L; at + Head <= bytes.Length;)
        {
            yield return Next(view, bytes, ref at, file);
        }
    }

    private static UsdtNote Next(ElfView view, byte[] bytes, ref long at, string file)
    {
        var reader = view.Reader(bytes);
        var (nameSize, size, kind) = (reader.UInt32(at), reader.UInt32(at + 4), reader.UInt32(at + 8));
        var start = at + Head + Padded(nameSize);
        if (kind != Kind || !reader.Slice(at + Head, nameSize).SequenceEqual("stapsdt\0"u8) || size < Addresses)
        {
            throw new BpfFormatException($"{file}: what lies at {at} of {Section} is no note of USDT");
        }

        var text = reader.Slice(start + Addresses, size - Addresses);
        at = start + Padded(size);
        return new(
            reader.UInt64(start), reader.UInt64(start + 8), reader.UInt64(start + 16), Word(ref text, file), Word(ref text, file),
            Word(ref text, file));
    }

    private static string Word(scoped ref ReadOnlySpan<byte> text, string file)
    {
        var end = text.IndexOf((byte)0);
        if (end < 0)
        {
            throw new BpfFormatException($"{file}: a text in {Section} has no end");
        }

        var word = Encoding.UTF8.GetString(text[..end]);
        text = text[(end + 1)..];
        return word;
    }

    private static long Padded(uint size) => ((long)size + 3) & ~3L;
}
