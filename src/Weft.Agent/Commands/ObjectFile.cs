using System.CommandLine;
using Weft.Bpf;

namespace Weft.Agent.Commands;

/// <summary>The object that a command is about.</summary>
internal static class ObjectFile
{
    public static Argument<string> Argument() => new("FILE.o") { Description = "The object, as clang writes it." };

    /// <summary>Reads it; also from a pipe, such as /dev/stdin.</summary>
    public static ObjectSpec Read(string path)
    {
        try
        {
            return ObjectSpec.Parse(Bytes(path), Path.GetFileNameWithoutExtension(path));
        }
        catch (BpfFormatException e)
        {
            throw new CommandException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Its bytes.</summary>
    public static byte[] Bytes(string path)
    {
        try
        {
            return All(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(
                $"{path}: there is no such file; clang makes one: clang -target bpf -g -O2 -c program.bpf.c -o {path}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandException(Directory.Exists(path) ? $"{path}: it is a folder; name an object in it" : $"{path}: it may not be read", e);
        }
    }

    private static byte[] All(string path)
    {
        using var file = File.OpenRead(path);
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int count; (count = file.Read(buffer)) > 0; bytes.Write(buffer, 0, count))
        {
            if (bytes.Length + count > ObjectSpec.MaxSize)
            {
                throw new CommandException($"{path}: an object has at most {ObjectSpec.MaxSize >> 20} MiB");
            }
        }

        return bytes.ToArray();
    }
}
