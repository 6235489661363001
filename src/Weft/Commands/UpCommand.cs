using System.CommandLine;

namespace Weft.Commands;

internal static class UpCommand
{
    public static Command Create() => new("up", "Run a mesh.");
}
