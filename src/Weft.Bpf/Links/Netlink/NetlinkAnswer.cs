using System.Text;

namespace Weft.Bpf.Netlink;

/// <summary>
/// Reads what comes back, which may be anything: a packet of several messages. Each place outside of it is a
/// <see cref="BpfFormatException"/>.
/// </summary>
internal static class NetlinkAnswer
{
    private const string Name = "netlink answer";
    private const int NoOperation = 1;
    private const int Error = 2;
    private const int Done = 3;
    private const int CodeSize = 4;
    private const ushort IsCapped = 0x100;
    private const ushort HasAttributes = 0x200;
    private const ushort MessageText = 1;
    private const ushort TypeMask = 0x3FFF;

    /// <summary>Reads one packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="sequence">Only answers with this number count.</param>
    /// <param name="messages">Takes what is neither an error nor the end.</param>
    /// <returns>How it ended; null where more packets follow.</returns>
    /// <exception cref="BpfFormatException">It is damaged.</exception>
    public static NetlinkEnd? Read(ReadOnlySpan<byte> packet, uint sequence, Action<ushort, byte[]> messages)
    {
        var reader = new BoundedReader(packet, !BitConverter.IsLittleEndian, Name);
        for (long at = 0; at < packet.Length;)
        {
            var size = reader.UInt32(at);
            if (size < NetlinkRequest.HeaderSize)
            {
                throw new BpfFormatException($"{Name}: the message at {at} has {size} bytes, fewer than its header");
            }

            var (type, flags) = (reader.UInt16(at + 4), reader.UInt16(at + 6));
            var body = reader.Slice(at + NetlinkRequest.HeaderSize, size - NetlinkRequest.HeaderSize);
            if (reader.UInt32(at + 8) == sequence && type != NoOperation)
            {
                if (type is Error or Done)
                {
                    return End(type, body, flags);
                }

                messages(type, body.ToArray());
            }

            at += (size + 3L) & ~3;
        }

        return null;
    }

    /// <summary>An attribute's value; nothing where it is not there. The last one counts, as for the kernel.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        var reader = new BoundedReader(attributes, !BitConverter.IsLittleEndian, Name);
        ReadOnlySpan<byte> found = default;
        for (long at = 0; at + CodeSize <= attributes.Length;)
        {
            var size = reader.UInt16(at);
            if (size < CodeSize)
            {
                throw new BpfFormatException($"{Name}: the attribute at {at} has {size} bytes, fewer than its header");
            }

            var value = reader.Slice(at + CodeSize, size - CodeSize);
            if ((reader.UInt16(at + 2) & TypeMask) == wanted)
            {
                found = value;
            }

            at += (size + 3L) & ~3;
        }

        return found;
    }

    private static NetlinkEnd End(ushort type, ReadOnlySpan<byte> body, ushort flags)
    {
        var reader = new BoundedReader(body, !BitConverter.IsLittleEndian, Name);

        // Old kernels end a list with no number.
        var result = body.Length < CodeSize && type == Done ? 0 : reader.Int32(0);
        if ((flags & HasAttributes) == 0 || result > 0)
        {
            return new(result > 0 ? 0 : result, null);
        }

        // An error has the request's header, and all of it where it is not capped; then come attributes.
        var start = type == Done ? CodeSize
            : (flags & IsCapped) != 0 ? CodeSize + NetlinkRequest.HeaderSize
            : CodeSize + ((reader.UInt32(CodeSize) + 3L) & ~3);
        var text = Find(reader.Slice(start, body.Length - start), MessageText);
        return new(result, text.IsEmpty ? null : Encoding.UTF8.GetString(text).TrimEnd('\0'));
    }
}

/// <summary>How an answer ended.</summary>
/// <param name="Result">0, or an error below it.</param>
/// <param name="Text">What the kernel says of it; null where it says nothing (before Linux 4.12 never).</param>
internal readonly record struct NetlinkEnd(int Result, string? Text);
