namespace Weft.Wasm.Tests.Modules;

/// <summary>A module with a few bytes that are not its own: what a fuzzer feeds a parser.</summary>
internal static class Mutation
{
    // Bytes that mean something in many places of the format.
    private static readonly byte[] Telling =
        [0x00, 0x01, 0x0B, 0x05, 0x02, 0x03, 0x04, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x1A, 0x1B, 0x20, 0x21, 0x40, 0x41,
         0x42, 0x60, 0x6A, 0x6F, 0x70, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F, 0x80, 0xC0, 0xD0, 0xD2, 0xFC, 0xFD, 0xFF];

    public static byte[] Of(byte[] module, Random random)
    {
        List<byte> bytes = [.. module];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(bytes, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(10))
        {
            case 0:
                bytes.RemoveAt(at);
                break;
            case 1:
                bytes.Insert(at, Telling[random.Next(Telling.Length)]);
                break;
            case 2:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                bytes[at] = (byte)random.Next(256);
                break;
            case 4:
                bytes[at] = bytes[random.Next(bytes.Count)];
                break;
            case 5:
                bytes[at]++;
                break;
            case 6:
                bytes[at]--;
                break;
            default:
                bytes[at] = Telling[random.Next(Telling.Length)];
                break;
        }
    }
}
