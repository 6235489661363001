using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Weft.Agent.Text;

/// <summary>The standard output. <see cref="Console"/> says nothing when nobody reads any more, and so one would trace for ever.</summary>
internal static class StandardOutput
{
    public static TextWriter Open()
    {
        try
        {
            var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // In a file that others write to, too, a stream would keep to its own place.
            return stream.CanSeek ? Console.Out : new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return Console.Out;
        }
    }
}
